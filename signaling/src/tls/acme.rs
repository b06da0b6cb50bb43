//! A certificate by ACME (RFC 8555), with the challenge on this very port (TLS-ALPN-01, RFC 8737).

use super::{Keeping, Tls, client, own_folder, provider, with};
use crate::config::Acme;
use futures_util::StreamExt;
use rustls::ClientConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_acme::acme::ACME_TLS_ALPN_NAME;
use rustls_acme::caches::DirCache;
use rustls_acme::{AcmeConfig, AcmeState, EventError, EventOk, OrderError, ResolvesServerCertAcme, is_tls_alpn_challenge};
use std::fmt::{self, Debug};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::timeout;

/// How long nothing may be heard of a certificate before the asking begins anew: a request that hangs would otherwise be waited
/// for until the certificate has run out. Between two renewals it costs reading one file. More: a hang lasts longer.
const SILENCE: Duration = Duration::from_secs(12 * 3600);

type State = AcmeState<io::Error, io::Error>;

/// Certificates, of the one who asks now and of the last one who had one.
struct Resolvers {
    serving: RwLock<Arc<ResolvesServerCertAcme>>,
    /// The one who answers challenges.
    asking: RwLock<Arc<ResolvesServerCertAcme>>,
}

impl Debug for Resolvers {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Resolvers")
    }
}

fn get(of: &RwLock<Arc<ResolvesServerCertAcme>>) -> Arc<ResolvesServerCertAcme> {
    Arc::clone(&of.read().unwrap_or_else(PoisonError::into_inner))
}

fn set(of: &RwLock<Arc<ResolvesServerCertAcme>>, to: &State) {
    *of.write().unwrap_or_else(PoisonError::into_inner) = to.resolver();
}

impl ResolvesServerCert for Resolvers {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        get(if is_tls_alpn_challenge(&hello) { &self.asking } else { &self.serving }).resolve(hello)
    }
}

/// Asks for a certificate for this host, unless the folder holds one, and renews it before it runs out.
pub(super) fn start(acme: &Acme, host: &str, folder: &Path) -> io::Result<Tls> {
    own_folder(folder)?;
    // Without one, those that browsers trust.
    let root = acme.root.as_deref().map(|root| client(Some(root)));
    let asking = Asking { acme: acme.clone(), host: host.to_owned(), folder: folder.to_owned(), root: root.transpose()?.map(Arc::new) };
    let first = asking.begins();
    let resolvers = Arc::new(Resolvers { serving: RwLock::new(first.resolver()), asking: RwLock::new(first.resolver()) });
    let config = with(Arc::clone(&resolvers) as Arc<dyn ResolvesServerCert>)?;
    let mut challenge = config.clone();
    challenge.alpn_protocols = vec![ACME_TLS_ALPN_NAME.to_vec()];
    let keeping = Arc::new(Keeping(tokio::spawn(asking.goes_on(first, resolvers))));
    Ok(Tls { config: Arc::new(config), challenge: Some(Arc::new(challenge)), _keeping: Some(keeping) })
}

/// What an operator can do something about: the server's own words, where it has said any.
fn says(error: &EventError<io::Error, io::Error>) -> String {
    let problem = match error {
        EventError::Order(OrderError::BadAuth(auth)) => auth.challenges.iter().find_map(|challenge| challenge.error.as_ref()),
        EventError::Order(OrderError::BadOrder(order) | OrderError::ProcessingTimeout(order)) => order.error.as_ref(),
        _ => None,
    };
    problem.and_then(|problem| problem.detail.clone()).unwrap_or_else(|| error.to_string())
}

/// Whom is asked for what.
struct Asking {
    acme: Acme,
    host: String,
    folder: PathBuf,
    root: Option<Arc<ClientConfig>>,
}

impl Asking {
    fn begins(&self) -> State {
        let contact = self.acme.email.iter().map(|email| format!("mailto:{email}"));
        let mut config = AcmeConfig::new_with_provider([&self.host], provider());
        config = config.contact(contact).directory(&self.acme.directory);
        if let Some(root) = &self.root {
            config = config.client_tls_config(Arc::clone(root));
        }
        config.cache(DirCache::new(self.folder.clone())).state()
    }

    async fn goes_on(self, mut state: State, resolvers: Arc<Resolvers>) {
        loop {
            match timeout(SILENCE, state.next()).await {
                Ok(Some(Ok(EventOk::DeployedCachedCert))) => {
                    set(&resolvers.serving, &state);
                    tracing::info!("the certificate that was kept is served");
                }
                Ok(Some(Ok(EventOk::DeployedNewCert))) => {
                    set(&resolvers.serving, &state);
                    tracing::info!("a new certificate is served");
                }
                Ok(Some(Ok(EventOk::CertCacheStore | EventOk::AccountCacheStore))) => {}
                // It waits by itself before it tries again, longer each time.
                Ok(Some(Err(error))) => {
                    let told: String = says(&error).chars().filter(|letter| !letter.is_control()).take(300).collect();
                    tracing::error!("no certificate from the ACME server yet: {told}");
                }
                Ok(None) | Err(_) => {
                    state = self.begins();
                    set(&resolvers.asking, &state);
                }
            }
        }
    }
}
