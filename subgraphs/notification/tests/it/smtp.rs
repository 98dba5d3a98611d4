//! Mail through a mail server: a small one that this test plays.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use events::id::EmailId;
use notification::Mail;
use notification::entity::email_log::Status;

use crate::fixture::{RETRY_DELAYS, Shop};

/// What the server answers when it is told a recipient, one entry per connection.
fn mail_server(answers: &'static [&'static str]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("smtp://{}", listener.local_addr().expect("a bound port"));
    let (taken, mails) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (connection, _) = listener.accept().expect("a connection");
            // A client that hangs up early is no fault of the server.
            let _ = converse(connection, answer, &taken);
        }
    });
    (url, mails)
}

fn converse(mut client: TcpStream, answer: &str, taken: &Sender<String>) -> std::io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    client.write_all(b"220 mail.test ESMTP\r\n")?;
    while let Some(line) = lines.next() {
        let reply = match line?.split([' ', ':']).next().unwrap_or_default() {
            "RCPT" => answer,
            "DATA" => {
                client.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    mail.push_str(&line);
                    mail.push('\n');
                }
                let _ = taken.send(mail);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        client.write_all(format!("{reply}\r\n").as_bytes())?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_gets_the_mail_even_if_it_is_busy_at_first() {
    let (url, mails) = mail_server(&["451 busy", "250 ok"]);
    let shop = Shop::with(|config| config.mail = Mail::Smtp(url)).await;
    shop.confirm(1, None).await;
    shop.send().await;
    let failed = shop.email().await;
    assert_eq!(failed.status, Status::Failed);
    let error = failed.error.expect("a reason");
    assert!(error.contains("451") || error.contains("busy"), "{error}");

    shop.pass(RETRY_DELAYS[0]);
    shop.send().await;
    let sent = shop.email().await;
    assert_eq!(sent.status, Status::Sent);
    let mail = mails.try_recv().expect("a mail");
    let message_id = format!("Message-ID: <{}@bazaar>", EmailId::from_uuid(sent.id));
    assert!(mail.contains(&message_id), "{mail}");
    assert!(mails.try_recv().is_err(), "only one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_that_does_not_exist_is_not_tried_again() {
    let (url, mails) = mail_server(&["550 no such user"]);
    let shop = Shop::with(|config| config.mail = Mail::Smtp(url)).await;
    shop.confirm(1, None).await;
    shop.send().await;

    let dead = shop.email().await;
    assert_eq!((dead.status, dead.attempts), (Status::Dead, 1));
    let error = dead.error.expect("a reason");
    assert!(error.contains("no such user"), "{error}");
    assert!(mails.try_recv().is_err());
    assert_eq!(shop.subgraph.events().await.len(), 1);
}

#[tokio::test]
async fn a_mail_server_that_is_down_costs_an_attempt_and_no_order() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("smtp://{}", listener.local_addr().expect("a bound port"));
    drop(listener);
    let shop = Shop::with(|config| config.mail = Mail::Smtp(url)).await;
    shop.confirm(1, None).await;
    shop.send().await;
    assert_eq!(shop.email().await.status, Status::Failed);
    assert!(shop.subgraph.events().await.is_empty());
}
