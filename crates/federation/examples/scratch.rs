//! scratch
use apollo_compiler::ExecutableDocument;
fn main() {
    let mut subs = vec![];
    for e in std::fs::read_dir("schema/subgraphs").expect("d") {
        let p = e.expect("e").path();
        let name = p.file_stem().expect("n").to_string_lossy().into_owned();
        subs.push(federation::SubgraphSdl { url: format!("http://{name}.test/graphql"), name, sdl: std::fs::read_to_string(&p).expect("r") });
    }
    let t = std::time::Instant::now();
    let sdl = match federation::compose(&subs) { Ok(s) => s, Err(e) => { for e in e { println!("ERR {} {e}", e.code()); } return; } };
    println!("composed {:?} {} bytes", t.elapsed(), sdl.len());
    std::fs::write("/tmp/super.graphql", &sdl).expect("w");
    let s = federation::Supergraph::parse(&sdl).expect("s");
    std::fs::write("/tmp/api.graphql", s.api_schema().to_string()).expect("w");
    for f in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&f).expect("r");
        match ExecutableDocument::parse_and_validate(s.api_schema(), &text, &f) {
            Ok(doc) => for (n, op) in &doc.operations.named {
                let t = std::time::Instant::now();
                match federation::plan(&s, &doc, op, std::time::Duration::from_secs(5)) {
                    Ok(p) => { println!("{n}: {} fetches {:?}", p.fetches.len(), t.elapsed()); if std::env::var_os("V").is_some() { println!("{}", federation::explain(&s, &p)); } },
                    Err(e) => println!("{n}: ERR {e}"),
                }
            },
            Err(e) => println!("INVALID {f}: {}", e.errors),
        }
    }
}
