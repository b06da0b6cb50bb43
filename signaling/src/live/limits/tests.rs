use super::*;

/// Runs every behaviour on a keeper, as tests of these names.
macro_rules! conforms {
    ($keeper:ident, $make:expr, $($behaviour:ident),+ $(,)?) => {
        mod $keeper {
            use super::super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $behaviour() {
                    conformance::$behaviour($make).await;
                }
            )+
        }
    };
}

conforms!(
    in_process,
    Limit::new,
    a_burst_then_one_each_interval,
    one_key_uses_up_nothing_of_anothers,
    what_is_given_back_doesnt_count,
    a_refused_try_takes_nothing,
    made_up_keys_lock_nobody_out_and_free_nobody,
    many_at_once_dont_slip_through,
);

#[tokio::test]
async fn a_client_runs_into_its_own_limit_and_all_together_into_one_that_costs_no_client_a_try() {
    let minute = Duration::from_secs(60);
    let guesses = Guesses::new("tries", Limit::new(2, minute, 100), Limit::new(5, minute, 1));
    let (now, address) = (Instant::now(), |number: u8| IpAddr::from([192, 0, 2, number]));
    assert!(guesses.take(address(1), now).await.is_ok() && guesses.take(address(1), now).await.is_ok());
    assert!(guesses.take(address(1), now).await.is_err());
    for number in 2..5 {
        assert!(guesses.take(address(number), now).await.is_ok(), "{number}");
    }
    assert!(guesses.take(address(9), now).await.is_err(), "five in all");
    guesses.give_back(address(4)).await;
    assert!(guesses.take(address(9), now).await.is_ok());
    assert!(guesses.take(address(9), now).await.is_err());
    // Refused by the limit in all: of its own it has used one.
    assert!(guesses.take(address(9), now + minute).await.is_ok());
}

#[tokio::test]
async fn all_addresses_of_one_customer_of_ipv6_are_one_client() {
    let guesses = Guesses::new("tries", Limit::new(1, Duration::from_secs(60), 100), Limit::new(100, Duration::from_secs(1), 1));
    let now = Instant::now();
    assert!(guesses.take("2001:db8:1:2::1".parse().unwrap(), now).await.is_ok());
    assert!(guesses.take("2001:db8:1:2:ffff::9".parse().unwrap(), now).await.is_err());
    assert!(guesses.take("2001:db8:1:3::1".parse().unwrap(), now).await.is_ok());
}
