/** The columns of a list, and how a person chooses, orders and sizes them, in Chinese. */
import type { en } from "../en";

export const columns: typeof en.columns = {
  title: "列",
  always: "始终显示",
  noRoom: "空间不足",
  up: (column) => `上移“${column}”列`,
  down: (column) => `下移“${column}”列`,
  reset: "恢复默认列",
  density: "行距",
  densities: { comfortable: "宽松", compact: "紧凑" },
  mouse: "拖动列标题可移动该列，拖动列标题的边缘可调整列宽，双击边缘可使列宽适应内容。",
  keys: "在列标题上：左、右方向键切换列标题，Alt+Shift+左、右方向键移动该列，Shift+左、右方向键调整列宽，Shift+Enter 使列宽适应内容，Delete 隐藏该列。",
  told: {
    hidden: (column) => `已隐藏“${column}”列`,
    shown: (column) => `已显示“${column}”列`,
    noRoom: (column) => `空间不足，无法显示“${column}”列`,
    moved: (column, at, all) => `“${column}”列：第 ${at} 列，共 ${all} 列`,
    sized: (column, pixels) => `“${column}”列宽 ${pixels} 像素`,
    reset: "已恢复默认列",
  },
};
