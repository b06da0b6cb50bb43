//! Passwords: length over composition, a strength check, and argon2id a few at a time.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;
use zxcvbn::Score;

/// Shortest and longest password, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// Passwords worked on at once; each takes 19 MiB and a core for tens of milliseconds.
/// More: guessers slow calls down. Fewer: a morning's sign-ins queue up.
const AT_ONCE: usize = 2;

/// Passwords that wait for their turn. More: they would wait for longer than people do; one more is told to come back.
const WAITING: usize = 64;

/// Why a password isn't taken or checked.
#[derive(Debug, PartialEq, Eq)]
pub enum Unfit {
    TooShort,
    TooLong,
    /// Easily guessed; a plain sentence on why, where there is one.
    Weak(Option<String>),
    /// Too many at once.
    Busy,
}

pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Checked for accounts that don't exist, so that they take as long.
    nobody: String,
}

impl Passwords {
    pub fn new() -> Option<Passwords> {
        let mut unknowable = [0; 32];
        aws_lc_rs::rand::fill(&mut unknowable).ok()?;
        let nobody = hash(&unknowable)?;
        Some(Passwords { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0), nobody })
    }

    /// The hash to keep of a new password, if it is good enough. `known`: what a guesser knows of the person.
    pub async fn take(&self, password: String, known: Vec<String>) -> Result<String, Unfit> {
        let length = password.chars().count();
        if length < *LENGTH.start() {
            return Err(Unfit::TooShort);
        }
        if length > *LENGTH.end() {
            return Err(Unfit::TooLong);
        }
        self.in_turn(move || {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let entropy = zxcvbn::zxcvbn(&password, &known);
            if entropy.score() < Score::Three {
                let warning = entropy.feedback().and_then(|feedback| feedback.warning());
                return Err(Unfit::Weak(warning.map(|warning| warning.to_string())));
            }
            hash(password.as_bytes()).ok_or(Unfit::Busy)
        })
        .await?
    }

    /// Whether it is the account's password. Without an account, the same work for nothing.
    pub async fn right(&self, password: String, kept: Option<String>) -> Result<bool, Unfit> {
        let exists = kept.is_some();
        let kept = kept.unwrap_or_else(|| self.nobody.clone());
        let right = self.in_turn(move || {
            let kept = PasswordHash::new(&kept);
            kept.is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
        });
        Ok(right.await? && exists)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unfit> {
        struct Place<'a>(&'a AtomicUsize);
        impl Drop for Place<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Unfit::Busy);
        }
        let _place = Place(&self.waiting);
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Unfit::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // The turn ends with the work, not with a request that is given up meanwhile.
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| Unfit::Busy)
    }
}

fn hash(password: &[u8]) -> Option<String> {
    let hash: PasswordHash = Argon2::default().hash_password(password).ok()?;
    Some(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn long_and_unguessable_is_all_a_password_needs() {
        let passwords = Passwords::new().unwrap();
        let known = || vec!["Balthazar".to_owned(), "balthazar@example.org".to_owned()];
        let take = async |password: &str| passwords.take(password.into(), known()).await;
        assert_eq!(take("kettle fog").await, Err(Unfit::TooShort));
        assert_eq!(take(&"k".repeat(201)).await, Err(Unfit::TooLong));
        assert!(matches!(take("passwordpassword").await, Err(Unfit::Weak(Some(_)))));
        assert!(matches!(take("balthazar123").await, Err(Unfit::Weak(_))), "made of their own name");
        let kept = take("kettle fog violin ramp").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(take(&"kettle fog violin ramp ".repeat(8)).await.is_ok());
        assert_eq!(passwords.right("kettle fog violin ramp".into(), Some(kept.clone())).await, Ok(true));
        assert_eq!(passwords.right("kettle fog violin ramP".into(), Some(kept)).await, Ok(false));
        assert_eq!(passwords.right("kettle fog violin ramp".into(), None).await, Ok(false));
    }

    #[tokio::test]
    async fn the_queue_has_an_end() {
        let passwords = Arc::new(Passwords::new().unwrap());
        let all = (0..WAITING + 20).map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.right("x".into(), None).await })
        });
        let mut busy = 0;
        for one in all.collect::<Vec<_>>() {
            busy += usize::from(one.await.unwrap() == Err(Unfit::Busy));
        }
        assert_eq!(busy, 20);
        assert_eq!(passwords.right("x".into(), None).await, Ok(false), "and moves on");
    }
}
