using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// Settings of a <see cref="PasswordEngine"/>. Read once, by its constructor, which refuses values outside the ranges given here.
/// </summary>
public sealed class PasswordEngineOptions
{
    /// <summary>Name of the configuration section that these settings are read from.</summary>
    public const string SectionName = "Auth:Passwords";

    /// <summary>
    /// The format of new hashes; a hash of the other format is replaced at the next login with the right password. Default <see cref="PasswordFormat.Bcrypt"/>.
    /// <see cref="PasswordFormat.Identity"/> is for an application whose tables are read by others that use ASP.NET Core Identity alone.
    /// </summary>
    public PasswordFormat Format { get; set; }

    /// <summary>
    /// PBKDF2 iterations of new hashes under <see cref="PasswordFormat.Identity"/>; a stored hash of fewer is replaced at the next login. Range 10,000 to
    /// 10,000,000, default 100,000 (.NET 10's; OWASP's password storage advice asks for 210,000). With Countersign's services the default is <c>PasswordHasherOptions.IterationCount</c>.
    /// </summary>
    public int IdentityIterations { get; set; } = 100_000;

    /// <summary>
    /// bcrypt cost factor of new hashes: 2^cost rounds. Range 10 to 16, default 12 (the specification's; about a fifth of a second on a core of 2024).
    /// OWASP's password storage advice asks for at least 10. Under <see cref="PasswordFormat.Identity"/> no hash is written with it, but every refusal takes
    /// at least its work.
    /// </summary>
    public int Cost { get; set; } = 12;

    /// <summary>
    /// Highest bcrypt cost that a stored hash may name, so that data cannot set the bill. A hash above it fails, after no more work than a wrong password takes.
    /// Range <see cref="Cost"/> to 20, default 16.
    /// </summary>
    public int MaxStoredCost { get; set; } = 16;

    /// <summary>
    /// Worker threads, each of which computes up to four hashes side by side. Range 0 to 256; 0, the default, means one a core. Beside each sleeps another thread,
    /// for the hashes of other schemes.
    /// </summary>
    public int Workers { get; set; }

    /// <summary>
    /// How long the work that waits may take, by the engine's own estimate, all workers together. Range 1 ms to 1 minute, default 2 s.
    /// One piece of work may always wait, however long it takes; what finds a free lane does not wait.
    /// </summary>
    public TimeSpan QueueLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Work that has waited longer than this leaves the queue as refused. Range 1 ms to 1 minute, default 5 s.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Share of <see cref="QueueLimit"/> that one network may fill. Range 0.01 to 1, default 0.25. One piece of work a network may always wait.
    /// </summary>
    public double NetworkShare { get; set; } = 0.25;

    /// <summary>Pieces of work, waiting or running, of one account. Range 1 to 100, default 2.</summary>
    public int PerAccount { get; set; } = 2;

    /// <summary>
    /// Schemes that are read besides the built-in formats, asked in this order; a right password of one is hashed again as <see cref="Format"/> says. Empty
    /// by default. In an application with Countersign's services: <c>services.Configure&lt;PasswordEngineOptions&gt;(options =&gt; options.AdditionalFormats.Add(new Argon2idScheme()))</c>.
    /// </summary>
    public IList<IForeignPasswordScheme> AdditionalFormats { get; } = [];

    /// <summary>What Identity's version 3 had from the first.</summary>
    private const int LowestIdentityIterations = 10_000;
    private const int HighestStoredCost = 20;

    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(1);

    /// <summary>The door for tests: lowest <see cref="Cost"/> that the engine takes. Never below 4, bcrypt's own floor.</summary>
    internal int LowestCost { get; set; } = PasswordHasher.LowestCost;

    /// <summary>The door for tests: digests that one worker computes side by side, 1 to 4.</summary>
    internal int LanesPerWorker { get; set; } = BcryptLanes.MaxWidth;

    /// <summary>Finds all faults.</summary>
    internal OptionCheck Check()
    {
        var check = new OptionCheck();
        if (!Enum.IsDefined(Format))
        {
            check.Add(nameof(Format), "is not one of its values", $"Write {nameof(PasswordFormat.Bcrypt)} or {nameof(PasswordFormat.Identity)}.");
        }

        // Where nothing is written with them, an app may have set Identity's own iterations to anything.
        if (Format == PasswordFormat.Identity)
        {
            check.Range(nameof(IdentityIterations), IdentityIterations, LowestIdentityIterations, Pbkdf2Hash.MaxIterations, "a whole number");
        }

        check.Range(nameof(Cost), Cost, Math.Max(LowestCost, Bcrypt.LowestCost), PasswordHasher.HighestCost, "a whole number");
        check.Range(nameof(MaxStoredCost), MaxStoredCost, LowestCost, HighestStoredCost, "a whole number");
        if (check.Faults.Count == 0 && MaxStoredCost < Cost)
        {
            check.Add(nameof(MaxStoredCost), $"is {MaxStoredCost}, below the cost of new hashes ({Cost})", $"Raise it to at least {SectionName}:{nameof(Cost)}, or lower that.");
        }

        check.Range(nameof(Workers), Workers, 0, 256, "a whole number");
        check.Range(nameof(QueueLimit), QueueLimit, LeastTime, MostTime, "[d.]hh:mm:ss,");
        check.Range(nameof(Deadline), Deadline, LeastTime, MostTime, "[d.]hh:mm:ss,");
        check.Range(nameof(NetworkShare), NetworkShare, 0.01, 1, "a number");
        check.Range(nameof(PerAccount), PerAccount, 1, 100, "a whole number");
        if (AdditionalFormats.Contains(null!))
        {
            check.Add(nameof(AdditionalFormats), "holds null", "Remove it.");
        }

        return check;
    }
}
