//! A year of minutes is read without being held. Alone in its file, since what
//! it measures is the process's.

#![cfg(target_os = "linux")]

use std::io::{BufWriter, Write};

use backstop_prices::{PriceFile, Wanted};

const YEAR: u64 = 525_600;

/// The most memory that this process has had, in kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn year(path: &std::path::Path, newest_first: bool) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(file, "open_time,open,high,low,close,volume").unwrap();
    for i in 0..YEAR {
        let minute = if newest_first { YEAR - i } else { i };
        let price = 1_000 + minute % 977;
        let time = (1_640_995_200 + minute * 60) * 1_000;
        writeln!(file, "{time},{price}.5,{price}.9,{price}.1,{price}.25,12.5").unwrap();
    }
    file.flush().unwrap();
}

#[test]
fn a_year_of_minutes_is_read_in_flat_memory_and_one_out_of_order_in_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("year.csv");
    let mut peaks = vec![];
    for (newest_first, most_kilobytes) in [(false, 2_000), (true, 40_000)] {
        year(&path, newest_first);
        let before = peak();
        let begun = std::time::Instant::now();
        let file = PriceFile::of(&path, &Wanted::default()).unwrap();
        let count = file.known().unwrap().filter(Result::is_ok).count();
        let (seconds, grown) = (begun.elapsed().as_secs_f64(), peak() - before);
        println!("newest first {newest_first}: {grown} kB more, {seconds:.2} s");
        assert_eq!((count as u64, file.in_order()), (YEAR, !newest_first));
        assert!(grown < most_kilobytes, "newest first {newest_first}: {grown} kB");
        peaks.push(grown);
    }
    // So the figure is of this: collecting does show.
    assert!(peaks[1] > peaks[0] + 10_000, "{peaks:?}");
}
