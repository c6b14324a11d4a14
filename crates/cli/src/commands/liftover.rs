//! `clinotype liftover`.

use clinotype_genome::{
    Result,
    liftover::{LiftFile, lift_vcf},
};
use clinotype_jobs::Watch as _;

use super::{engine::named, store::print};
use crate::{args, terminal::Terminal};

pub(crate) fn run(call: &args::Liftover) -> Result<()> {
    named(&call.out, ".vcf.gz", "--out")?;
    named(&call.rejected, ".vcf.gz", "--rejected")?;
    let terminal = Terminal::new(call.quiet);
    terminal.stage("Lift over", 1, 1);
    let summary = lift_vcf(
        &LiftFile {
            vcf: &call.vcf,
            chain: &call.chain,
            from_reference: &call.from_reference,
            reference: &call.reference,
            out: &call.out,
            rejected: &call.rejected,
            source: concat!("clinotype ", env!("CARGO_PKG_VERSION")),
        },
        &terminal,
    )?;
    terminal.stage_done("Lift over", false);
    drop(terminal);
    print(&format!(
        "{} record(s): {} lifted, {} refused",
        summary.records,
        summary.lifted,
        summary.refused.total()
    ))?;
    for (count, what) in [
        (summary.reversed, "lifted to the other strand"),
        (summary.moved, "lifted to another chromosome"),
        (
            summary.stripped,
            "lifted without their annotations, which must be made anew",
        ),
    ] {
        if count > 0 {
            print(&format!("  {count:>9}  {what}"))?;
        }
    }
    for (reason, count) in summary.refused.iter() {
        if count > 0 {
            print(&format!("  {count:>9}  refused, {reason}: {}", reason.words()))?;
        }
    }
    Ok(())
}
