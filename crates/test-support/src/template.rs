use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

/// A temporary folder with a copy of a template that is made once per build of `program`.
///
/// Filling a shop with demo data takes seconds; every test wants it, and each runs in a process of
/// its own. The first test to come makes the template with `make` in `cache` while the others wait;
/// a new build of `program` makes a new one.
pub async fn copy_of_template(
    cache: &Path,
    program: &Path,
    make: impl AsyncFnOnce(&Path),
) -> TempDir {
    let built = fs::metadata(program)
        .and_then(|metadata| metadata.modified())
        .expect("the program exists");
    let stamp = built
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("built after 1970")
        .as_nanos();
    let template = cache.join(format!("template-{stamp}"));
    fs::create_dir_all(cache).expect("a cache folder");

    let lock = fs::File::create(cache.join("template.lock")).expect("a lock file");
    lock.lock().expect("a lock");
    if !template.exists() {
        for old in templates(cache) {
            fs::remove_dir_all(old).expect("removable");
        }
        let draft = cache.join("template-draft");
        let _ = fs::remove_dir_all(&draft);
        make(&draft).await;
        fs::rename(&draft, &template).expect("the template gets its name when it is whole");
    }
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_files(&template, copy.path());
    drop(lock);
    copy
}

fn templates(cache: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache).expect("a readable cache folder");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    paths.filter(|path| path.is_dir()).collect()
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a new folder");
            copy_files(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
