//! A provider of work accounts that says whatever a test has it say, under TLS with a root certificate of its own.

use crate::world::{Client, Folder, Reply, Running, now};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const CLIENT: &str = "sidelight";
const SECRET: &str = "known/to both: %";

/// A key that signs tokens, by its name.
pub struct Signer {
    key: EncodingKey,
    kid: String,
}

impl Signer {
    pub fn new(kid: &str) -> Signer {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        Signer { key: EncodingKey::from_ec_der(&pair.serialize_der()), kid: kid.into() }
    }

    fn public(&self) -> Value {
        let mut public = Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap();
        public.common.key_id = Some(self.kid.clone());
        serde_json::to_value(public).unwrap()
    }

    pub fn sign(&self, claims: &Value) -> String {
        encode(&Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) }, claims, &self.key).unwrap()
    }
}

/// What it says when it is asked.
pub struct Says {
    /// Over the document that it is found by.
    pub document: Value,
    pub keys: Vec<Value>,
    pub signer: Signer,
    /// Over the claims of the next token; null takes one away.
    pub claims: Value,
    /// In place of the next token.
    pub token: Option<String>,
    pub status: StatusCode,
    /// The challenge that the code was given out for, and the nonce.
    challenge: String,
    nonce: String,
    /// How often its keys were asked for.
    pub asked_for_keys: u32,
    pub codes: Vec<String>,
}

/// The provider.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    root: std::path::PathBuf,
    says: Arc<Mutex<Says>>,
}

/// One sign-in, as the provider sees it.
pub struct Asked {
    pub fields: BTreeMap<String, String>,
}

impl Provider {
    pub async fn start(folder: &Folder) -> Provider {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let root = folder.path().join("provider.pem");
        std::fs::write(&root, own.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
        let tls = builder.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("https://localhost:{}/realms/c", listener.local_addr().unwrap().port());
        let signer = Signer::new("first");
        let says = Says {
            document: json!({}),
            keys: vec![json!({ "kty": "of tomorrow" }), signer.public()],
            signer,
            claims: json!({}),
            token: None,
            status: StatusCode::OK,
            challenge: String::new(),
            nonce: String::new(),
            asked_for_keys: 0,
            codes: vec![],
        };
        let provider = Provider { issuer, root, says: Arc::new(Mutex::new(says)) };
        let router = Router::new()
            .route("/realms/c/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        let tls = TlsAcceptor::from(Arc::new(tls));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (tls, router) = (tls.clone(), router.clone());
                tokio::spawn(async move {
                    let Ok(socket) = tls.accept(socket).await else { return };
                    let service = TowerToHyperService::new(router);
                    let _over = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        provider
    }

    pub fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }

    /// What the service must know of it.
    pub fn set(&self, command: &mut Command) {
        command.env("SIDELIGHT_OIDC__ISSUER", &self.issuer).env("SIDELIGHT_OIDC__CLIENT_ID", CLIENT);
        command.env("SIDELIGHT_OIDC__CLIENT_SECRET", SECRET).env("SIDELIGHT_OIDC__ROOT", &self.root);
    }

    /// A service that takes its accounts, with these settings more.
    pub fn service(&self, folder: &Folder, more: &[(&str, &str)]) -> Running {
        Running::start_with(folder, |command| {
            self.set(command);
            command.env("SIDELIGHT_OIDC__LINK_CLAIM", "email");
            for (key, value) in more {
                command.env(format!("SIDELIGHT_OIDC__{key}"), value);
            }
        })
    }

    /// The claims of a good token, with what a test has changed.
    fn claims(&self) -> Value {
        let says = self.says();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "s1", "name": "Kim Ito", "email": "kim@example.org", "email_verified": true,
            "iat": now(), "exp": now() + 300, "nonce": says.nonce,
        });
        for (name, value) in says.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    /// Begins, up to where somebody is at the provider.
    pub async fn begin(&self, client: &mut Client) -> Asked {
        let address = client.post("/api/staff/work-account", Value::Null).await.is(200)["address"].as_str().unwrap().to_owned();
        let fields = address.strip_prefix(&format!("https://localhost:{}/authorize?", self.port())).unwrap();
        let fields: BTreeMap<String, String> = fields
            .split('&')
            .map(|field| field.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), unescaped(value)))
            .collect();
        let mut says = self.says();
        (says.challenge, says.nonce) = (fields["code_challenge"].clone(), fields["nonce"].clone());
        Asked { fields }
    }

    fn port(&self) -> u16 {
        self.issuer.split(':').nth(2).unwrap().split('/').next().unwrap().parse().unwrap()
    }

    /// The whole way, by a browser that has begun nothing yet.
    pub async fn goes(&self, client: &mut Client) -> Reply {
        let asked = self.begin(client).await;
        client.get(&format!("/sign-in/back?code=c&state={}", asked.fields["state"])).await
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

async fn document(State(provider): State<Provider>) -> Json<Value> {
    let base = format!("https://localhost:{}", provider.port());
    let mut document = json!({
        "issuer": provider.issuer, "authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"),
    });
    for (name, value) in provider.says().document.as_object().unwrap() {
        document[name] = value.clone();
    }
    Json(document)
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let mut says = provider.says();
    says.asked_for_keys += 1;
    Json(json!({ "keys": says.keys }))
}

/// As strict as a provider must be: who asks shows the secret, and that they asked for the code.
async fn token(State(provider): State<Provider>, headers: HeaderMap, body: String) -> (StatusCode, Json<Value>) {
    let fields: BTreeMap<String, String> =
        body.split('&').map(|field| field.split_once('=').unwrap()).map(|(name, value)| (name.to_owned(), unescaped(value))).collect();
    let basic = headers.get("authorization").map(|value| value.to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned());
    let by_header = basic.is_some_and(|basic| {
        let text = String::from_utf8(data_encoding::BASE64.decode(basic.as_bytes()).unwrap()).unwrap();
        text.split_once(':').map(|(id, secret)| (unescaped(id), unescaped(secret))) == Some((CLIENT.into(), SECRET.into()))
    });
    let by_form = fields.get("client_secret").is_some_and(|secret| secret == SECRET);
    let verifier = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, fields["code_verifier"].as_bytes());
    let shown = BASE64URL_NOPAD.encode(verifier.as_ref()) == provider.says().challenge;
    if !(by_header ^ by_form)
        || !shown
        || fields["grant_type"] != "authorization_code"
        || !fields["redirect_uri"].ends_with("/sign-in/back")
    {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    }
    let claims = provider.claims();
    let mut says = provider.says();
    says.codes.push(fields["code"].clone());
    let token = says.token.clone().unwrap_or_else(|| says.signer.sign(&claims));
    (says.status, Json(json!({ "id_token": token, "token_type": "Bearer", "access_token": "x" })))
}

impl Says {
    /// The provider signs with another key from now on, and tells of it.
    pub fn change_key(&mut self, kid: &str) {
        self.signer = Signer::new(kid);
        self.keys = vec![self.signer.public()];
    }
}

/// Where somebody who is back is led on to.
pub fn led_to(reply: &Reply) -> String {
    let page = String::from_utf8(reply.bytes.clone()).unwrap();
    let to = page.split("content=\"0; url=").nth(1).unwrap_or_else(|| panic!("{}: {page}", reply.status)).split('"').next().unwrap();
    assert!(to == "/desk" || to.starts_with("/desk#work="), "on this site: {to}");
    assert_eq!(page.matches(&format!("<a href=\"{to}\">")).count(), 1, "also by a press");
    to.to_owned()
}

/// Refused with this, and nobody is signed in.
pub fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status.as_u16(), led_to(reply)), (status, format!("/desk#work={code}")));
    let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies.iter().all(|cookie| cookie.starts_with("__Host-sidelight_login=;")), "{cookies:?}");
}
