//! Emails by a mail server. Step by step, and not by the library's one call for all: only what fails before the text was sent certainly
//! didn't go.

use super::Attempt;
use crate::config::SmtpServer;
use lettre::address::Address;
use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;
use sidelight_protocol::sending::NotSent;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::time::timeout;

/// Until the text can be sent. Longer: a server that isn't there holds up whoever waits for it.
const BEFORE: Duration = Duration::from_secs(15);

/// For the text to be taken. Shorter: a slow server takes what we then don't know of.
const TAKING: Duration = Duration::from_secs(60);

pub struct Smtp {
    server: SmtpServer,
    tls: TlsParameters,
    from: Address,
    hello: ClientId,
}

const UNREACHABLE: Attempt = Attempt::NotTaken { why: NotSent::Unreachable, again: true };
const SET_UP: Attempt = Attempt::NotTaken { why: NotSent::SetUp, again: true };
const REFUSED: Attempt = Attempt::NotTaken { why: NotSent::Refused, again: false };

impl Smtp {
    pub fn new(server: &SmtpServer, root: Option<&Path>) -> io::Result<Smtp> {
        let builder = TlsParameters::builder(server.host.clone());
        let builder = match root {
            None => builder.certificate_store(CertificateStore::WebpkiRoots),
            Some(root) => {
                let own = Certificate::from_pem(&std::fs::read(root)?).map_err(io::Error::other)?;
                builder.certificate_store(CertificateStore::None).add_root_certificate(own)
            }
        };
        let from: Address = server.from.parse().map_err(io::Error::other)?;
        let hello = ClientId::Domain(from.domain().to_owned());
        Ok(Smtp { server: server.clone(), tls: builder.build().map_err(io::Error::other)?, from, hello })
    }

    pub async fn send(&self, to: &str, sender: &str, subject: &str, text: &str, reference: &str) -> Attempt {
        let Ok(to) = to.parse::<Address>() else { return REFUSED };
        let Some(message) = self.message(&to, sender, subject, text, reference) else { return REFUSED };
        let mut connection = match timeout(BEFORE, self.until_data(to)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(not_taken)) => return not_taken,
            Err(_) => return UNREACHABLE,
        };
        match timeout(TAKING, connection.message(&message)).await {
            Ok(Ok(_)) => {
                // It is theirs; whether they still say good-bye doesn't matter.
                let _said = timeout(Duration::from_secs(2), connection.quit()).await;
                Attempt::Taken
            }
            Ok(Err(error)) if error.is_permanent() => REFUSED,
            Ok(Err(error)) if error.is_transient() => SET_UP,
            Ok(Err(_)) | Err(_) => Attempt::Unknown,
        }
    }

    fn message(&self, to: &Address, sender: &str, subject: &str, text: &str, reference: &str) -> Option<Vec<u8>> {
        let sender = (!sender.is_empty()).then(|| sender.to_owned());
        let message = Message::builder()
            .from(Mailbox::new(sender, self.from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(subject)
            .message_id(Some(format!("<{reference}@{}>", self.from.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned());
        message.ok().map(|message| message.formatted())
    }

    /// Everything before the text. Whatever goes wrong here, nothing was taken.
    async fn until_data(&self, to: Address) -> Result<AsyncSmtpConnection, Attempt> {
        let SmtpServer { host, port, implicit, login, .. } = &self.server;
        let tls = implicit.then(|| self.tls.clone());
        let connected = AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), None, &self.hello, tls, None).await;
        let mut connection = connected.map_err(|error| if error.is_tls() { SET_UP } else { UNREACHABLE })?;
        if !implicit {
            connection.starttls(self.tls.clone(), &self.hello).await.map_err(|_| SET_UP)?;
        }
        if let Some(login) = login {
            let credentials = Credentials::new(login.user.clone(), login.password.expose_secret().to_owned());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(|_| SET_UP)?;
        }
        connection.command(Mail::new(Some(self.from.clone()), vec![])).await.map_err(|error| answered(&error, SET_UP))?;
        connection.command(Rcpt::new(to, vec![])).await.map_err(|error| answered(&error, REFUSED))?;
        connection.command(Data).await.map_err(|error| answered(&error, SET_UP))?;
        Ok(connection)
    }
}

/// `never`: what a permanent no means at this step.
fn answered(error: &Error, never: Attempt) -> Attempt {
    if error.is_permanent() {
        never
    } else if error.is_transient() {
        SET_UP
    } else {
        UNREACHABLE
    }
}
