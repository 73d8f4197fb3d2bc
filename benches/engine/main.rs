//! The password engine against the `bcrypt` crate: `cargo bench --bench engine`.
//!
//! Beside the crate stand other fast implementations (`rivals`), with as many threads. First ratios, in one run: medians of interleaved trials of CPU time, of the
//! thread or of the whole process, so that other programs on the machine do not
//! count. Some have wall-clock ratios beside them; those are meaningful on an
//! idle machine only.
//!
//! Then criterion, for the spread of each number and for comparison with the
//! previous run. It measures one after the other, by the wall clock: on a busy
//! machine its numbers drift against each other, so do not compute ratios of
//! them. `-- lanes` measures only benchmarks with this in their name, without ratios.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may fail")]

mod rivals;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use doorward::testing::passwords::{EngineError, EngineOptions, PasswordCheck};
use doorward::testing::passwords::{MAX_LANES, Passwords, Requester, hash_at_once, hash_plainly};
use doorward::testing::types::{Password, PasswordHash};
use rustix::time::{ClockId, clock_gettime};

use rivals::Rates;

const COST: u32 = 10;

fn main() {
    hash_at_once(1, 4);
    // Cargo passes `--bench`. More arguments select a part.
    if std::env::args().len() <= 2 {
        print_ratios();
    }
    let mut criterion = Criterion::default().configure_from_args();
    measure(&mut criterion);
    criterion.final_summary();
}

/// Hashes per second by the wall clock, each benchmark by itself.
fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(format!("hashes at cost {COST}"));
    group.sample_size(20).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(1));
    group.bench_function("bcrypt crate", |bencher| bencher.iter(|| hash_plainly(COST)));
    if crypt(1).is_some() {
        group.bench_function("libxcrypt", |bencher| {
            bencher.iter_custom(|hashes| Duration::from_secs_f64(crypt(hashes).unwrap().1))
        });
    }
    for lanes in [1, 2, 3, 4, 6, 7, 8] {
        group.throughput(Throughput::Elements(lanes as u64));
        group.bench_function(format!("lanes: {lanes}"), |bencher| {
            bencher.iter(|| hash_at_once(lanes, COST));
        });
    }
    let (passwords, hash) = (patient(2), raw_hash());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    group.throughput(Throughput::Elements(1));
    group.bench_function("one login alone", |bencher| {
        bencher.iter(|| {
            let stored = PasswordHash::from_stored(hash.clone());
            runtime.block_on(check(&passwords, stored)).unwrap()
        });
    });
}

fn print_ratios() {
    println!("hashes per second per core, lanes against the bcrypt crate, cost {COST}");
    for lanes in 1..=MAX_LANES {
        let ratio = ratios(31, || cpu(ClockId::ThreadCPUTime, || hash_at_once(lanes, COST)) / lanes as f64);
        println!("  {lanes} lanes: {ratio:.2} x");
    }
    let trials: Option<Vec<f64>> = (0..9)
        .map(|_| Some(cpu(ClockId::ThreadCPUTime, || hash_plainly(COST)) / (crypt(5)?.0 / 5.0)))
        .collect();
    match trials {
        Some(trials) => println!("  libxcrypt, one at a time: {:.2} x", median(trials)),
        None => println!("  libxcrypt: not installed"),
    }
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    for threads in std::collections::BTreeSet::from([1, cores]) {
        print_crowds(threads);
    }
    let (cpu, wall) = lone();
    println!(
        "one login alone, its time in bcrypt::verify's, cost {COST}: CPU {cpu:.3} (wall clock {wall:.3})"
    );
}

/// The engine on so many threads, against the crate and the rivals on as many.
fn print_crowds(threads: usize) {
    println!("the engine on {threads} thread(s), cost {COST}: CPU (wall clock)");
    let deep = crowd(threads, 32 * threads, true);
    println!("  32 waiting a core, which is a deep queue; {} lanes on a core", deep.width);
    println!("    against the bcrypt crate: {}", show(Some(deep.crate_ratio)));
    println!(
        "    against bcrypt-rust ({}), in batches of 48: {}",
        rivals::batch_backend(),
        show(deep.batches)
    );
    println!("    against John the Ripper: {}", show(deep.john));
    println!("  4 waiting a core");
    println!("    against the bcrypt crate: {}", show(Some(crowd(threads, 4 * threads, false).crate_ratio)));
}

fn show(ratio: Option<Rates>) -> String {
    ratio.map_or("not installed".to_owned(), |(cpu, wall)| format!("{cpu:.2} x ({wall:.2} x)"))
}

/// The CPU and wall-clock seconds of `hashes` hashes by the crypt() of the system through Python, the
/// fastest single stream known; `None` if either is missing.
fn crypt(hashes: u64) -> Option<(f64, f64)> {
    const SCRIPT: &str = "import warnings; warnings.simplefilter('ignore')\nimport crypt, sys, time\n\
        salt = '$2b$%02d$abcdefghijklmnopqrstuu' % int(sys.argv[1])\n\
        assert crypt.crypt('x', salt).startswith(salt[:28])\n\
        now = lambda: (time.process_time(), time.perf_counter())\nbegun = now()\n\
        for _ in range(int(sys.argv[2])): crypt.crypt('password 0', salt)\n\
        print(*(end - start for start, end in zip(begun, now())))";
    let (cost, hashes) = (COST.to_string(), hashes.to_string());
    let said = std::process::Command::new("python3").args(["-c", SCRIPT, &cost, &hashes]).output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let (cpu, wall) = said.trim().split_once(' ')?;
    Some((cpu.parse().ok()?, wall.parse().ok()?))
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn cpu(clock: ClockId, work: impl FnOnce()) -> f64 {
    let begun = seconds(clock);
    work();
    seconds(clock) - begun
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The median, over trials, of the time of the plain hash divided by the other time.
fn ratios(trials: usize, mut other: impl FnMut() -> f64) -> f64 {
    let plain = || cpu(ClockId::ThreadCPUTime, || hash_plainly(COST));
    median((0..trials).map(|_| plain() / other()).collect())
}

fn raw_hash() -> String {
    bcrypt::hash("password", COST).unwrap()
}

/// An engine that refuses nothing, even on a busy machine.
fn patient(threads: usize) -> Passwords {
    Passwords::start(EngineOptions {
        cost: COST,
        threads,
        queue: 4096,
        max_wait: Duration::from_secs(3600),
        foreign_memory: 0,
    })
    .unwrap()
}

/// Checks the password of [`raw_hash`].
async fn check(passwords: &Passwords, stored: PasswordHash) -> Result<PasswordCheck, EngineError> {
    passwords
        .verify(
            Requester::default(),
            &Password::new("password".into()).into(),
            Some(stored),
            passwords.level(None),
        )
        .await
}

/// The engine's rates divided by those of others.
struct Crowd {
    width: usize,
    crate_ratio: Rates,
    batches: Option<Rates>,
    john: Option<Rates>,
}

/// Lets `clients` log in without pause on `threads` threads, in turn with as many threads that call the crate
/// and, with `rivals`, with theirs.
fn crowd(threads: usize, clients: usize, rivals: bool) -> Crowd {
    let (passwords, hash) = (patient(threads), raw_hash());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (mut plain, mut batches, mut john) = (Vec::new(), Vec::new(), Vec::new());
    if rivals {
        rivals::batch_backend(); // Measures at its first use.
    }
    for _ in 0..7 {
        let before = plain_crowd(threads);
        let ours = runtime.block_on(storm(&passwords, clients, &hash));
        let against = |theirs: Rates| (ours.0 / theirs.0, ours.1 / theirs.1);
        plain.push(against(before));
        if rivals {
            batches.push(against(rivals::batches(threads)));
            john.extend(rivals::john(threads).map(against));
        }
    }
    let crate_ratio = medians(&plain).unwrap();
    Crowd { width: passwords.width(), crate_ratio, batches: medians(&batches), john: medians(&john) }
}

fn medians(ratios: &[Rates]) -> Option<Rates> {
    if ratios.is_empty() {
        return None;
    }
    let (cpu, wall) = ratios.iter().copied().unzip();
    Some((median(cpu), median(wall)))
}

const TRIAL: Duration = Duration::from_millis(1500);

async fn storm(passwords: &Passwords, clients: usize, hash: &str) -> (f64, f64) {
    let stop = Arc::new(AtomicBool::new(false));
    let local = tokio::task::LocalSet::new();
    for _ in 0..clients {
        let (passwords, stop, hash) = (passwords.clone(), stop.clone(), hash.to_owned());
        local.spawn_local(async move {
            while !stop.load(Relaxed) {
                let stored = PasswordHash::from_stored(hash.clone());
                check(&passwords, stored).await.unwrap();
            }
        });
    }
    let measured = async {
        tokio::time::sleep(Duration::from_millis(300)).await; // Until the lanes are full.
        let (cpu, wall, turns) =
            (seconds(ClockId::ProcessCPUTime), seconds(ClockId::Monotonic), passwords.turns());
        tokio::time::sleep(TRIAL).await;
        let hashes = (passwords.turns() - turns) as f64 / f64::from(1 << COST);
        let rates = (seconds(ClockId::ProcessCPUTime) - cpu, (seconds(ClockId::Monotonic) - wall));
        stop.store(true, Relaxed);
        (hashes / rates.0, hashes / rates.1)
    };
    let rates = local.run_until(measured).await;
    local.await;
    rates
}

fn plain_crowd(threads: usize) -> (f64, f64) {
    let hashes = AtomicU64::new(0);
    let (cpu, wall) = (seconds(ClockId::ProcessCPUTime), seconds(ClockId::Monotonic));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while seconds(ClockId::Monotonic) - wall < TRIAL.as_secs_f64() {
                    hash_plainly(COST);
                    hashes.fetch_add(1, Relaxed);
                }
            });
        }
    });
    let hashes = hashes.into_inner() as f64;
    (hashes / (seconds(ClockId::ProcessCPUTime) - cpu), hashes / (seconds(ClockId::Monotonic) - wall))
}

/// The CPU and wall-clock time of one login through an idle engine, divided by
/// those of `bcrypt::verify`.
fn lone() -> (f64, f64) {
    let (passwords, hash) = (patient(2), raw_hash());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let timed = |work: &dyn Fn()| {
        let (cpu, wall) = (seconds(ClockId::ProcessCPUTime), seconds(ClockId::Monotonic));
        work();
        (seconds(ClockId::ProcessCPUTime) - cpu, (seconds(ClockId::Monotonic) - wall))
    };
    let ours = || {
        let stored = PasswordHash::from_stored(hash.clone());
        runtime.block_on(check(&passwords, stored)).unwrap();
    };
    let plain = || assert!(bcrypt::verify("password", &hash).unwrap());
    let trials: Vec<_> = (0..101).map(|_| (timed(&ours), timed(&plain))).collect();
    let cpu = trials.iter().map(|(ours, plain)| ours.0 / plain.0).collect();
    let wall = trials.iter().map(|(ours, plain)| ours.1 / plain.1).collect();
    (median(cpu), median(wall))
}
