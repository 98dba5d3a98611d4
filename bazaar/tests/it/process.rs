//! A shop in a process of its own, which can be killed.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use frontend_contract_tests::Client;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A port that was free a moment ago; the shop keeps it over restarts.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A folder with demo data, copied from one that the first test makes.
pub(crate) async fn demo_folder() -> TempDir {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo-shop-process");
    test_support::copy_of_template(
        &cache,
        Path::new(env!("CARGO_BIN_EXE_bazaar")),
        async |folder| {
            assert!(
                ShopProcess::start(folder, free_port())
                    .await
                    .terminate()
                    .await
            );
        },
    )
    .await
}

/// A running `bazaar run`; killed when dropped.
pub(crate) struct ShopProcess {
    child: Child,
    pub(crate) client: Client,
}

impl ShopProcess {
    /// Starts the shop and waits until it answers.
    pub(crate) async fn start(data: &Path, port: u16) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_bazaar"))
            .args(["run", "--data"])
            .arg(data)
            .env("PORT", port.to_string())
            .env("BAZAAR_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary runs");
        let mut shop = Self {
            child,
            client: Client::new(format!("http://127.0.0.1:{port}")),
        };
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let ready = shop
                .client
                .http()
                .get(format!("{}/health/ready", shop.client.base))
                .send()
                .await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return shop;
            }
            if let Some(status) = shop.child.try_wait().expect("the child can be asked") {
                panic!("the shop ended with {status} instead of starting");
            }
            assert!(Instant::now() < deadline, "the shop did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the process at once, as `kill -9` does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("the process can be killed");
    }

    /// Asks the process to stop, and returns whether it did so well.
    pub(crate) async fn terminate(mut self) -> bool {
        let pid = self.child.id().expect("still running").to_string();
        let sent = Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .await
            .expect("kill runs");
        assert!(sent.success());
        self.child.wait().await.expect("the process ends").success()
    }
}
