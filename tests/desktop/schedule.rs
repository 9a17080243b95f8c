//! An export that is made again and again: its folder is chosen in the native dialog, its first file is in it.

use crate::hook::SAMPLE_APP;
use crate::window::Window;

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_schedule_exports_into_the_folder_that_was_chosen() {
    let window = Window::open().await;
    window.take_in(SAMPLE_APP).await;
    window.click("schedule-add").await;
    window.click("schedule-choose-folder").await;
    let dialog = window.screen.window("^Folder for exports$");
    window.screen.answer_folder(&dialog);
    // Where the dialog begins, when nobody has gone elsewhere.
    let folder = window.home().to_str().expect("a path of text").to_owned();
    window.until(&format!("document.querySelector('[data-testid=schedule-folder]').value === {folder:?}")).await;
    window.click("schedule-form-yes").await;
    window.click("schedule-run").await;
    let said = window.text("[data-testid=schedule-last]").await;
    let files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path()).collect();
    assert!(files.iter().any(|file| said.contains(&*file.to_string_lossy())), "{said} is in {files:?}");
}
