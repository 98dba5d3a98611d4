//! The processes that are measured, and those they need.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// A process that ends with its owner.
pub(crate) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A gateway under measurement.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    process: Process,
}

/// A command that runs on one core, if the machine has a way to say so.
fn on_core(core: usize, program: &Path) -> Command {
    let has_taskset = Command::new("taskset")
        .args(["-c", &core.to_string(), "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if has_taskset {
        let mut command = Command::new("taskset");
        command.args(["-c", &core.to_string()]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Process {
    /// The subgraphs, and their port.
    pub(crate) fn subgraphs() -> anyhow::Result<(Self, u16)> {
        let mut child = on_core(1, &std::env::current_exe()?)
            .arg("subgraphs")
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the subgraphs")?;
        let output = child.stdout.take().context("no output")?;
        let process = Self(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let port = line.trim().parse().context("the subgraphs did not start")?;
        Ok((process, port))
    }

    /// The CPU time it has taken, of all its threads.
    fn cpu(&self) -> anyhow::Result<Duration> {
        // `taskset` replaces itself, so the id is that of the program.
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The name of the program comes before, in parentheses, and may hold anything.
        let (_, after) = stat.rsplit_once(')').context("an unknown format")?;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<u64>().ok());
        let (user, system) = (ticks(11), ticks(12));
        let ticks = user.context("no user time")? + system.context("no system time")?;
        // Linux counts in hundredths of a second.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// The most memory it has had, in bytes.
    fn peak_memory(&self) -> u64 {
        std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))
            .ok()
            .and_then(|status| {
                let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
                line.split_whitespace().nth(1)?.parse::<u64>().ok()
            })
            .unwrap_or_default()
            * 1024
    }
}

impl Contender {
    /// Our gateway.
    pub(crate) fn ours(program: &Path, folder: &Path, supergraph: &Path) -> anyhow::Result<Self> {
        let config = folder.join("gateway.toml");
        std::fs::write(
            &config,
            "graphiql = false\nshare_identical_queries = false\n[limits]\nsubgraph_answer_bytes = 33554432\n",
        )?;
        let port = free_port()?;
        let child = on_core(0, program)
            .arg("--supergraph")
            .arg(supergraph)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--threads", "1"])
            .arg("--config")
            .arg(&config)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .stderr(File::create(folder.join("gateway.log"))?)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Self::started("ours", port, child)
    }

    /// The gateway to compare with: Hive Router.
    pub(crate) fn peer(program: &Path, folder: &Path, supergraph: &Path) -> anyhow::Result<Self> {
        let config = folder.join("router.config.yaml");
        let port = free_port()?;
        let supergraph = supergraph.display();
        std::fs::write(
            &config,
            format!(
                "supergraph:
  source: file
  path: {supergraph}
http:
  host: 127.0.0.1
  port: {port}
log:
  level: error
headers:
  all:
    request:
      - propagate:
          named: authorization
traffic_shaping:
  all:
    dedupe_enabled: false
"
            ),
        )?;
        let child = on_core(0, program)
            .env("HIVE_CONFIG_FILE_PATH", &config)
            .env("ROUTER_CONFIG_FILE_PATH", &config)
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(File::create(folder.join("peer.log"))?)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Self::started("peer", port, child)
    }

    /// A plain reverse proxy in front of the subgraphs: the least that HTTP costs.
    pub(crate) fn floor(
        program: &Path,
        folder: &Path,
        subgraphs: u16,
    ) -> anyhow::Result<Option<Self>> {
        let port = free_port()?;
        let config = folder.join("nginx.conf");
        let folder = folder.display();
        std::fs::write(
            &config,
            format!(
                "daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream subgraphs {{ server 127.0.0.1:{subgraphs}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    keepalive_requests 1000000;
    location / {{
      proxy_pass http://subgraphs;
      proxy_http_version 1.1;
      proxy_set_header Connection \"\";
      proxy_buffers 16 64k;
      proxy_max_temp_file_size 0;
    }}
  }}
}}
"
            ),
        )?;
        let started = on_core(0, program)
            .arg("-c")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Ok(child) => Self::started("nginx", port, child).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn started(name: &'static str, port: u16, child: Child) -> anyhow::Result<Self> {
        let mut process = Process(child);
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = process.0.try_wait()? {
                anyhow::bail!("{name} ended with {status} before it listened");
            }
            anyhow::ensure!(
                begun.elapsed() < Duration::from_secs(20),
                "{name} does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self {
            name,
            port,
            process,
        })
    }

    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        self.process.cpu()
    }

    pub(crate) fn peak_memory(&self) -> u64 {
        self.process.peak_memory()
    }
}

fn free_port() -> anyhow::Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}
