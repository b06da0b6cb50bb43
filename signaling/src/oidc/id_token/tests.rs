use super::*;
use jsonwebtoken::{EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::json;

const ALL: [Algorithm; 4] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];
const EXPECTED: Expected<'_> = Expected { issuer: "https://login.example.org/realms/c", client_id: "sidelight" };
const NOW: u32 = 1_800_000_000;

/// A key of the provider, and as it is published.
struct Signer {
    key: EncodingKey,
    public: Jwk,
    algorithm: Algorithm,
}

impl Signer {
    fn new(algorithm: Algorithm, kid: &str) -> Signer {
        let key = match algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_der(&KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap().serialize_der()),
            Algorithm::EdDSA => {
                let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
                let x = BASE64URL_NOPAD.encode(pair.public_key_raw());
                let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA", "use": "sig", "kid": kid });
                let key = EncodingKey::from_ed_der(&pair.serialize_der());
                return Signer { key, public: serde_json::from_value(public).unwrap(), algorithm };
            }
            _ => {
                let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
                // What stands in the PKCS #8 of this size after its head.
                EncodingKey::from_rsa_der(&pair.serialize_der()[26..])
            }
        };
        let mut public = Jwk::from_encoding_key(&key, algorithm).unwrap();
        public.common.key_id = Some(kid.into());
        Signer { key, public, algorithm }
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: self.public.common.key_id.clone(), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.key).unwrap()
    }
}

fn good() -> Value {
    json!({ "iss": EXPECTED.issuer, "aud": "sidelight", "sub": "s1", "exp": NOW + 300, "iat": NOW, "nonce": "n" })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = good();
    change(&mut claims);
    claims
}

fn judge(token: &str, keys: &[Jwk]) -> Result<Claims, Untrusted> {
    let head = head(token, &ALL)?;
    let key = choose(keys, &head).ok_or(Untrusted::UnknownKey)?;
    read(token, &head, key, &EXPECTED, "n", NOW)
}

/// A token whose header is this, signed by nobody or as told.
fn made(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}.{}", part(header), part(claims), BASE64URL_NOPAD.encode(signature))
}

#[test]
fn a_token_is_believed_by_each_safe_algorithm_and_only_where_it_is_allowed() {
    for algorithm in ALL {
        let signer = Signer::new(algorithm, "a");
        let token = signer.sign(&good());
        assert_eq!(judge(&token, &[signer.public.clone()]).unwrap()["sub"], "s1", "{algorithm:?}");
        let others: Vec<Algorithm> = ALL.into_iter().filter(|one| *one != algorithm).collect();
        assert_eq!(head(&token, &others), Err(Untrusted::Algorithm), "{algorithm:?}");
    }
}

#[test]
fn what_a_token_says_is_held_against_what_was_asked_for_claim_by_claim() {
    use Untrusted::{Audience, AuthorizedParty, Expired, Issued, Issuer, Nonce};
    let signer = Signer::new(Algorithm::ES256, "a");
    let keys = [signer.public.clone()];
    type Change = fn(&mut Value);
    let table: [(Change, Untrusted); 22] = [
        (|c| c["iss"] = json!("https://login.example.org/realms/c/"), Issuer),
        (|c| c["iss"] = json!("https://evil.example.org"), Issuer),
        (|c| c["iss"] = Value::Null, Issuer),
        (|c| c["aud"] = json!("another"), Audience),
        (|c| c["aud"] = json!([]), Audience),
        (|c| c["aud"] = json!(["another"]), Audience),
        (|c| c["aud"] = json!(["sidelight", "another"]), Audience),
        (|c| c["aud"] = Value::Null, Audience),
        (|c| c["azp"] = json!("another"), AuthorizedParty),
        (|c| c["azp"] = json!(["sidelight"]), AuthorizedParty),
        (|c| c["nonce"] = json!("m"), Nonce),
        (|c| c["nonce"] = Value::Null, Nonce),
        (|c| c["exp"] = json!(NOW - 60), Expired),
        (|c| c["exp"] = Value::Null, Expired),
        (|c| c["exp"] = json!("4000000000"), Expired),
        (|c| c["iat"] = json!(NOW + 61), Issued),
        (|c| c["iat"] = json!(NOW - 661), Issued),
        (|c| c["iat"] = Value::Null, Issued),
        (|c| c["iat"] = json!(f64::MAX), Issued),
        (|c| c["nbf"] = json!(NOW + 61), Issued),
        (|c| c["nbf"] = json!("now"), Issued),
        (|c| c["iat"] = json!(i64::MIN), Issued),
    ];
    for (change, why) in table {
        let claims = with(change);
        assert_eq!(judge(&signer.sign(&claims), &keys), Err(why), "{claims}");
    }
    let fine: [Change; 7] = [
        |_| {},
        |c| c["aud"] = json!(["sidelight"]),
        |c| (c["aud"], c["azp"]) = (json!(["sidelight", "another"]), json!("sidelight")),
        |c| c["azp"] = json!("sidelight"),
        |c| c["exp"] = json!(NOW - 59),
        |c| c["iat"] = json!(f64::from(NOW) - 599.5),
        |c| c["nbf"] = json!(NOW + 60),
    ];
    for change in fine {
        let claims = with(change);
        assert!(judge(&signer.sign(&claims), &keys).is_ok(), "the control: {claims}");
    }
}

#[test]
fn no_token_is_believed_that_no_key_of_the_provider_signed() {
    let (signer, other) = (Signer::new(Algorithm::RS256, "a"), Signer::new(Algorithm::RS256, "a"));
    let keys = [signer.public.clone()];
    let token = signer.sign(&good());
    assert!(judge(&token, &keys).is_ok(), "the control");
    assert_eq!(judge(&other.sign(&good()), &keys), Err(Untrusted::Signature));
    // Nobody's, in each spelling.
    for alg in ["none", "None", "nOnE", "NONE", ""] {
        for signature in [&b""[..], b"x"] {
            assert_eq!(judge(&made(&json!({ "alg": alg, "kid": "a" }), &good(), signature), &keys), Err(Untrusted::Algorithm), "{alg}");
        }
    }
    assert_eq!(judge(&made(&json!({ "kid": "a" }), &good(), b""), &keys), Err(Untrusted::Algorithm));
    // The provider's public key as the secret of an HMAC, in each form that somebody may have it in.
    let AlgorithmParameters::RSA(public) = &signer.public.algorithm else { panic!("an RSA key") };
    let forms = [public.n.clone(), serde_json::to_string(&signer.public).unwrap(), "a secret of the two of them".into()];
    for (secret, alg) in forms.iter().flat_map(|form| [(form, Algorithm::HS256), (form, Algorithm::HS512)]) {
        let header = Header { kid: Some("a".into()), ..Header::new(alg) };
        let forged = encode(&header, &good(), &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        assert_eq!(judge(&forged, &keys), Err(Untrusted::Algorithm));
    }
    // Cut, bent, and with the claims of another.
    let parts: Vec<&str> = token.split('.').collect();
    let bent = BASE64URL_NOPAD.encode(with(|c| c["sub"] = json!("s2")).to_string().as_bytes());
    assert_eq!(judge(&format!("{}.{bent}.{}", parts[0], parts[2]), &keys), Err(Untrusted::Signature));
    assert_eq!(judge(&format!("{}.{}.", parts[0], parts[1]), &keys), Err(Untrusted::Signature));
    let malformed = [parts[0].to_owned(), format!("{}.{}", parts[0], parts[1]), format!("{token}.x"), String::new(), "..".into()];
    for wrong in malformed.into_iter().chain([format!("{token}{}", "A".repeat(LONGEST))]) {
        assert_eq!(judge(&wrong, &keys), Err(Untrusted::Malformed), "{wrong:.40}");
    }
    // What must be understood and isn't (RFC 7515, 4.1.11).
    let header = json!({ "alg": "RS256", "kid": "a", "crit": ["exp"], "exp": 1 });
    assert_eq!(judge(&made(&header, &good(), b"x"), &keys), Err(Untrusted::Critical));
    // A key that the token brings along, or says where to get.
    let brings = json!({ "alg": "RS256", "jwk": serde_json::to_value(&other.public).unwrap(), "jku": "https://evil.example.org" });
    let signed = encode::<Value>(&serde_json::from_value(brings).unwrap(), &good(), &other.key).unwrap();
    assert_eq!(judge(&signed, &keys), Err(Untrusted::Signature));
}

#[test]
fn the_key_is_the_one_that_is_named_and_made_for_it() {
    let (one, two) = (Signer::new(Algorithm::ES256, "a"), Signer::new(Algorithm::ES256, "b"));
    let keys = [one.public.clone(), two.public.clone()];
    assert!(judge(&two.sign(&good()), &keys).is_ok());
    assert_eq!(judge(&two.sign(&good()), &keys[..1]), Err(Untrusted::UnknownKey));
    let mut unnamed = Signer::new(Algorithm::ES256, "a");
    unnamed.public.common.key_id = None;
    assert!(judge(&unnamed.sign(&good()), &[unnamed.public.clone()]).is_ok(), "where there is no choice");
    assert_eq!(judge(&unnamed.sign(&good()), &[unnamed.public.clone(), one.public.clone()]), Err(Untrusted::UnknownKey));
    // For encryption, for another algorithm, of another kind.
    let change = |change: fn(&mut Jwk)| {
        let mut key = one.public.clone();
        change(&mut key);
        judge(&one.sign(&good()), &[key])
    };
    assert_eq!(change(|key| key.common.public_key_use = Some(PublicKeyUse::Encryption)), Err(Untrusted::UnknownKey));
    assert_eq!(change(|key| key.common.key_algorithm = Some(jsonwebtoken::jwk::KeyAlgorithm::ES384)), Err(Untrusted::UnknownKey));
    assert!(change(|key| key.common.key_algorithm = None).is_ok());
    let rsa = Signer::new(Algorithm::RS256, "a");
    assert_eq!(judge(&one.sign(&good()), &[rsa.public]), Err(Untrusted::UnknownKey));
    // A secret among the public keys is the key of nothing.
    let secret: Jwk = serde_json::from_value(json!({ "kty": "oct", "k": "AAAA", "kid": "a", "alg": "HS256" })).unwrap();
    assert_eq!(judge(&one.sign(&good()), &[secret]), Err(Untrusted::UnknownKey));
}

#[test]
fn a_sign_out_is_told_by_its_event_and_no_sign_in_is_taken_for_one() {
    const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
    let signer = Signer::new(Algorithm::EdDSA, "a");
    let told = |change: fn(&mut Value)| {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove("nonce");
        claims["events"] = json!({ EVENT: {} });
        change(&mut claims);
        let token = signer.sign(&claims);
        let head = head(&token, &ALL).unwrap();
        read_ended(&token, &head, &signer.public, &EXPECTED, NOW)
    };
    assert!(told(|_| {}).is_ok());
    assert_eq!(told(|c| c["nonce"] = json!("n")), Err(Untrusted::Event));
    assert_eq!(told(|c| c["events"] = json!({})), Err(Untrusted::Event));
    assert_eq!(told(|c| c["events"] = json!({ EVENT: "x" })), Err(Untrusted::Event));
    assert_eq!(told(|c| c["aud"] = json!("another")), Err(Untrusted::Audience));
    assert_eq!(told(|c| c["exp"] = json!(NOW - 60)), Err(Untrusted::Expired));
    // And the other way round: it has no nonce.
    let ended = signer.sign(&with(|c| drop(c.as_object_mut().map(|claims| claims.remove("nonce")))));
    assert_eq!(judge(&ended, std::slice::from_ref(&signer.public)), Err(Untrusted::Nonce));
}
