//! The report for people: the worst first, short.

use super::{AffectedOperation, Effect, Report, ReportedChange, Severity};

pub(super) fn render(report: &Report) -> String {
    if report.changes.is_empty() {
        return "No changes.\n".to_owned();
    }
    let mut out = format!(
        "{} breaking, {} dangerous, {} safe; {} operations looked at.\n",
        report.count(Severity::Breaking),
        report.count(Severity::Dangerous),
        report.count(Severity::Safe),
        report.operations,
    );

    for (severity, title) in [
        (Severity::Breaking, "BREAKING"),
        (Severity::Dangerous, "DANGEROUS"),
        (Severity::Safe, "SAFE"),
    ] {
        let mut changes = report
            .changes
            .iter()
            .filter(|reported| reported.change.severity() == severity)
            .peekable();
        if changes.peek().is_some() {
            out.push_str(&format!("\n{title}\n"));
        }
        for reported in changes {
            match severity {
                Severity::Safe => out.push_str(&format!("  {}\n", reported.change.explanation)),
                _ => render_change(reported, &mut out),
            }
        }
    }

    render_unexplained(report, &mut out);
    out
}

fn render_change(reported: &ReportedChange, out: &mut String) {
    let change = &reported.change;
    out.push_str(&format!(
        "  {}  {}\n",
        change.coordinate,
        change.kind.code()
    ));
    out.push_str(&format!("    {}\n", change.explanation));
    if let Some(advice) = change.kind.advice() {
        out.push_str(&format!("    {advice}\n"));
    }
    for operation in &reported.operations {
        out.push_str(&format!(
            "    - {}: {}\n",
            title(&operation.file, &operation.operation),
            consequence(change.severity(), operation)
        ));
    }
}

fn consequence(severity: Severity, operation: &AffectedOperation) -> &'static str {
    // A dangerous change makes nothing invalid; if something is, another change did it.
    let is_valid = operation.still_valid || severity != Severity::Breaking;
    match (operation.effect, is_valid) {
        (Effect::Text, true) => "uses it",
        (Effect::Text, false) => "is no longer valid",
        (Effect::Variables, _) => "may fail for what its variables hold",
        (Effect::Answer, true) => "gets it in the answer",
        (Effect::Answer, false) => "gets it in the answer, and is no longer valid",
    }
}

/// Operations that a combination of changes made invalid, no single one of those above.
fn render_unexplained(report: &Report, out: &mut String) {
    let is_named = |file: &str, name: &str| {
        report.changes.iter().any(|reported| {
            let mut operations = reported.operations.iter();
            operations.any(|operation| {
                operation.effect != Effect::Variables
                    && (operation.file.as_str(), operation.operation.as_str()) == (file, name)
            })
        })
    };
    let mut others = report
        .no_longer_valid
        .iter()
        .filter(|invalid| !is_named(&invalid.file, &invalid.operation))
        .peekable();
    if others.peek().is_some() {
        out.push_str("\nNO LONGER VALID\n");
    }
    for invalid in others {
        let title = title(&invalid.file, &invalid.operation);
        out.push_str(&format!("  {title}: {}\n", invalid.message));
    }
}

fn title(file: &str, operation: &str) -> String {
    match operation {
        "" => file.to_owned(),
        name => format!("{name} in {file}"),
    }
}
