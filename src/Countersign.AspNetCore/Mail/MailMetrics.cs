using System.Diagnostics.Metrics;

namespace Countersign.AspNetCore.Mail;

/// <summary>The instruments of mail, under the meter <c>Countersign.AspNetCore</c>.</summary>
internal static class MailMetrics
{
    private static readonly Meter Meter = new("Countersign.AspNetCore");

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "countersign.mail.attempts", "{attempt}", "Attempts to send a mail, by kind and outcome.");

    private static readonly Gauge<double> Age = Meter.CreateGauge<double>(
        "countersign.mail.age", "s", "How long the oldest mail of the outbox has been waiting; 0 if none waits.");

    /// <summary>Counts an attempt.</summary>
    /// <param name="kind">The kind of mail.</param>
    /// <param name="outcome">What became of it.</param>
    public static void Attempted(string kind, string outcome)
    {
        if (Attempts.Enabled)
        {
            Attempts.Add(1, new("countersign.mail.kind", kind), new("countersign.mail.outcome", outcome));
        }
    }

    /// <summary>Notes the age of the oldest mail.</summary>
    public static void Waiting(TimeSpan age) => Age.Record(age.TotalSeconds);
}
