//! Lists the files of the built GraphiQL page, so that the binary can carry them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .expect("cargo sets it");
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .expect("cargo sets it");
    let graphiql = manifest.join("graphiql");
    let dist = graphiql.join("dist");

    // Watching a path that does not exist would rebuild every time, so watch what is there.
    let watched = [&dist, &graphiql, &manifest]
        .into_iter()
        .find(|path| path.exists());
    match watched {
        Some(path) if *path != manifest => println!("cargo:rerun-if-changed={}", path.display()),
        _ => println!("cargo:rerun-if-changed=build.rs"),
    }

    let mut files = Vec::new();
    collect(&dist, &dist, &mut files);
    files.sort();

    let mut list = String::from(
        "/// Path below `/graphiql/` and contents.\npub(crate) static FILES: &[(&str, &[u8])] = &[\n",
    );
    for (name, path) in &files {
        let _ = writeln!(
            list,
            "    ({name:?}, include_bytes!({:?})),",
            path.display().to_string()
        );
    }
    list.push_str("];\n");
    std::fs::write(out.join("graphiql_files.rs"), list).expect("OUT_DIR is writable");
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if let Ok(relative) = path.strip_prefix(root) {
            let name: Vec<String> = relative
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            files.push((name.join("/"), path));
        }
    }
}
