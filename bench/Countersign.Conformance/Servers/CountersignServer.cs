using System.Globalization;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Harness;

namespace Countersign.Conformance.Servers;

/// <summary>The server of this repository.</summary>
/// <param name="assembly">Its <c>countersign.dll</c>.</param>
internal sealed class CountersignServer(string assembly) : Server
{
    private const string Prefix = "api/v1";

    public override string Name => "countersign";

    public override string Title => "Countersign";

    public override string Assembly => assembly;

    public override string ReadyPath => "health/ready";

    public override IReadOnlyList<string> Versions => [$"Countersign.Server {Binaries.VersionOf(assembly, "countersign.dll")}"];

    public override IReadOnlyList<string> Configuration =>
    [
        "Defaults throughout: grace 30 s, lost-response window 1 h, access tokens of 27 to 30 minutes, `WhenStale = Accept`.",
        "Hashes are cheap (cost 10) and the limits by address are out of the way, since all comes from one address.",
        "The protected route that is called is `GET /users/me`, which reads the account from the database; a service that only verifies tokens needs none.",
        "In `restored-backup-late` the operator sets `Auth:Refresh:AfterRestore` with the instant of the backup, as a setting of the server is for; the " +
        "peers have none.",
        "In `absent-owner-new-key` the operator runs `countersign keys rotate --refresh --force` while the owner is away.",
        "In `sleeping-copy` the session ends for both copies, by the rule: a server can't tell them from an owner and a thief. Tabs share one copy " +
        "(`docs/sessions.md`).",
        "Two nodes share the database and the master key, and a configured issuer.",
    ];

    public override IReadOnlyList<string>? KeyRotation => ["keys", "rotate", "--refresh", "--force"];

    public override IReadOnlyDictionary<string, string> Settings(NodePlan plan)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["Auth__DataDirectory"] = plan.DataFolder,
            ["Auth__Passwords__Cost"] = "10",
            ["Auth__Passwords__MaxNetworkShare"] = "1",
            ["Auth__Passwords__MaxPerAccount"] = "100",
            ["Auth__Passwords__QueueLimit"] = "00:00:30",
            ["Auth__Passwords__QueueTimeout"] = "00:00:30",
            ["Auth__Limits__SignInsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RegistrationsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RefreshesPerNetworkPerMinute"] = "10000000",
            ["Auth__Issuer"] = "http://127.0.0.1",
        };
        if (plan.RestorePoint is { } point)
        {
            settings["Auth__Refresh__AfterRestore"] = "Accept";
            settings["Auth__Refresh__RestorePoint"] = Instant(point);
            settings["Auth__Refresh__AcceptUntil"] = Instant(point.AddDays(7));
        }

        if (plan.PostgreSql is { } database)
        {
            settings["ConnectionStrings__Countersign"] = database;
            settings["Auth__MasterKey"] = plan.Secret;
        }

        return settings;
    }

    public override HttpRequestMessage Register(Uri node, Account account) =>
        Post(node, $"{Prefix}/auth/register", new { email = account.Email, password = account.Password });

    public override HttpRequestMessage LogIn(Uri node, Account account) =>
        Form(node, $"{Prefix}/auth/login", ("username", account.Email), ("password", account.Password));

    public override HttpRequestMessage Refresh(Uri node, string token) => Post(node, $"{Prefix}/auth/refresh", new { refresh_token = token });

    public override HttpRequestMessage Me(Uri node, string access) => Get(node, $"{Prefix}/users/me", access);

    public override HttpRequestMessage LogOut(Uri node, TokenPair pair) => Post(node, $"{Prefix}/auth/logout", new { refresh_token = pair.Refresh });

    public override HttpRequestMessage ChangePassword(Uri node, string access, Account account, string newPassword) =>
        Post(node, $"{Prefix}/auth/change-password", new { current_password = account.Password, new_password = newPassword }, access);

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
