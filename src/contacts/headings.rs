//! What people call the columns of a table of contacts, in English and Chinese.

use super::Field;

impl Field {
    /// What its column is called, in lower case and without blanks and signs; the clearest words first. A word of two fields
    /// (`username` is a login here and a name there) belongs to the field that has no clearer column.
    pub(super) const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::User => &[
                "userid",
                "user",
                "useraccount",
                "calltrailuser",
                "用户id",
                "用户",
                "用户号",
                "用户编号",
                "用户标识",
                "用户账号",
                "用户帐号",
                "用户账户",
                "uid",
                "account",
                "accountid",
                "账号",
                "帐号",
                "账户",
                "帐户",
                "账号id",
                "memberid",
                "member",
                "成员id",
                "成员",
                "login",
                "loginname",
                "loginid",
                "登录名",
                "登录账号",
                "登录帐号",
                "用戶id",
                "用戶",
                "帳號",
                "賬號",
                "identifier",
                "id",
                "编号",
                "工号",
                "username",
                "用户名",
                "用戶名",
            ],
            Self::Name => &[
                "name",
                "displayname",
                "fullname",
                "姓名",
                "名称",
                "昵称",
                "nickname",
                "nick",
                "显示名",
                "显示名称",
                "用户姓名",
                "用户名称",
                "用户昵称",
                "联系人",
                "联系人姓名",
                "真实姓名",
                "realname",
                "contactname",
                "contact",
                "名字",
                "成员姓名",
                "名稱",
                "暱稱",
                "用戶姓名",
                "username",
                "用户名",
                "用戶名",
            ],
            Self::Team => &[
                "team",
                "teamname",
                "团队",
                "小组",
                "组",
                "组别",
                "班组",
                "group",
                "groupname",
                "department",
                "dept",
                "departmentname",
                "部门",
                "所属部门",
                "部门名称",
                "所在部门",
                "所属团队",
                "分组",
                "團隊",
                "部門",
                "組",
                "组织",
                "organisation",
                "organization",
            ],
            Self::Ours => &[
                "ours",
                "oneofus",
                "我方",
                "内部",
                "己方",
                "我们的人",
                "我方人员",
                "内部人员",
                "是否内部",
                "是否我方",
                "是否内部人员",
                "internal",
                "isinternal",
                "isours",
                "staff",
                "employee",
                "是否员工",
                "员工",
                "自己人",
                "內部",
            ],
            Self::Phone => &[
                "phone",
                "phonenumber",
                "phoneno",
                "mobile",
                "mobilephone",
                "mobilenumber",
                "cell",
                "cellphone",
                "tel",
                "telephone",
                "telephonenumber",
                "telno",
                "电话",
                "手机",
                "手机号",
                "手机号码",
                "电话号码",
                "联系电话",
                "联系方式",
                "移动电话",
                "電話",
                "手機",
                "手機號",
                "座机",
            ],
            Self::Email => &[
                "email",
                "emailaddress",
                "mail",
                "mailaddress",
                "邮箱",
                "电子邮箱",
                "电子邮件",
                "邮件",
                "邮箱地址",
                "邮件地址",
                "工作邮箱",
                "企业邮箱",
                "郵箱",
                "電子郵件",
            ],
            Self::Comment => &[
                "comment",
                "comments",
                "remark",
                "remarks",
                "note",
                "notes",
                "备注",
                "注释",
                "说明",
                "备注信息",
                "描述",
                "description",
                "memo",
                "備註",
                "備注",
            ],
            Self::SameAs => &[
                "sameas",
                "sameperson",
                "sameuser",
                "sameuseras",
                "samepersonas",
                "同一人",
                "同一用户",
                "与谁同一人",
                "同一人id",
                "同一个人",
                "主账号",
                "主帐号",
                "mainaccount",
                "aliasof",
                "同壹人",
            ],
        }
    }

    /// How clearly a heading means this field: 0 is clearest.
    pub(super) fn rank(self, plain_heading: &str) -> Option<usize> {
        self.headings().iter().position(|word| *word == plain_heading)
    }
}

/// A heading as it is compared: lower case, full-width signs as narrow ones, only letters and digits, without what stands
/// in brackets behind it (`手机（必填）`).
pub(super) fn plain_heading(heading: &str) -> String {
    let narrow: String = heading.chars().map(narrow).collect();
    let before_brackets = narrow.split(['(', '[', '【']).next().unwrap_or_default();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let plain: String = letters(before_brackets);
    if plain.is_empty() { letters(&narrow) } else { plain }
}

/// Full-width letters, digits and signs as their ordinary forms.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// How many fields these headings name.
pub(super) fn named_by<'a>(headings: impl Iterator<Item = &'a str>) -> usize {
    let plain: Vec<String> = headings.map(plain_heading).collect();
    Field::ALL.iter().filter(|field| plain.iter().any(|heading| field.rank(heading).is_some())).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_without_case_width_and_blanks() {
        for (heading, want) in [
            ("User ID", "userid"),
            ("same_as", "sameas"),
            ("E-Mail:", "email"),
            ("ＵＳＥＲ　ＩＤ", "userid"),
            (" 用户 ID ", "用户id"),
            ("手机（必填）", "手机"),
            ("Team (optional)", "team"),
            ("(name)", "name"),
            ("🙂", ""),
        ] {
            assert_eq!(plain_heading(heading), want, "{heading:?}");
        }
    }

    #[test]
    fn words_are_written_as_they_are_compared_and_each_stands_once() {
        for field in Field::ALL {
            assert_eq!(Field::read(field.code()), Some(field), "by its own word");
            let words = field.headings();
            for (at, word) in words.iter().enumerate() {
                assert_eq!(plain_heading(word), *word, "{field:?} is found by it");
                assert_eq!(words.iter().position(|other| other == word), Some(at), "{word} stands once in {field:?}");
            }
            assert!(field.rank(&plain_heading(field.code())).is_some(), "our export's own name of {field:?}");
        }
    }
}
