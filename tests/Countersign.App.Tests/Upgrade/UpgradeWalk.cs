using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.TestServer;
using Microsoft.AspNetCore.Identity;

namespace Countersign.App.Tests.Upgrade;

/// <summary>The app of the guide with its users, and the table of what each of them can do at each stage.</summary>
internal sealed class UpgradeWalk : IDisposable
{
    private const string WrongPassword = "Wrong-horse-7";

    private const string Introduction = """
        # From MapIdentityApi: who can do what

        The test of [the guide](from-mapidentityapi.md) writes this page and fails if it changes. It makes users of each kind in the old app, and tries
        every way in at each step, with two nodes. What one node gives is used at the other. `GET /notes` is a route with `RequireAuthorization()`; the
        columns "its token" and "its cookie" are what it answers. A refusal has the reason: `detail` of Identity, `code` of Countersign. Where the nodes
        differ, each is named. A dash means that there was nothing to use.

        """;

    private readonly Dictionary<string, string> _settings;
    private readonly StringBuilder _tables = new(Introduction);
    private Reply? _longSession;

    public UpgradeWalk(string folder)
    {
        Database = Path.Combine(folder, "notes.db");
        Tables = new IdentityTables(Database);
        _settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ConnectionStrings__App"] = $"Data Source={Database}",
            ["KeyFolder"] = Path.Combine(folder, "keys"),
            ["Auth__MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Auth__Passwords__Cost"] = "10",
            ["Logging__LogLevel__Microsoft.EntityFrameworkCore"] = "Warning",
        };
    }

    public string Database { get; }

    public IdentityTables Tables { get; }

    public IReadOnlyList<Person> People { get; } =
    [
        new("plain", "plain@example.com"),
        new("with the role `admin`", "admin@example.com"),
        new("hash in Identity's V2 format", "old@example.com"),
        new("locked, after five wrong passwords", "locked@example.com"),
        new("banned: `LockoutEnd` in a hundred years", "banned@example.com"),
        new("address not confirmed", "unconfirmed@example.com"),
        new("second factor, password alone", "careful@example.com"),
        new("without password, from an external login", "external@example.com"),
    ];

    public Person Plain => People[0];

    public Person Admin => People[1];

    public Person Old => People[2];

    public Person Locked => People[3];

    public Person Banned => People[4];

    public Person Unconfirmed => People[5];

    public Person Careful => People[6];

    public Person External => People[7];

    /// <summary>The page so far, as Markdown.</summary>
    public string Page => _tables.ToString();

    public void Dispose() => Tables.Dispose();

    /// <summary>Starts a node of the app with the settings that all nodes share.</summary>
    /// <param name="name">How the tables call it.</param>
    /// <param name="folder">Where the app was published.</param>
    /// <param name="more">More settings, or others; null takes one away.</param>
    private Task<Node> StartAsync(string name, string folder, params (string Key, string? Value)[] more)
    {
        var settings = _settings.ExceptBy(more.Select(static setting => setting.Key), static setting => setting.Key)
            .Concat(more.Where(static setting => setting.Value is not null).Select(static setting => KeyValuePair.Create(setting.Key, setting.Value!)))
            .ToDictionary(StringComparer.Ordinal);
        return Node.StartAsync(name, folder, settings);
    }

    /// <summary>Starts two nodes, tries every kind of user at every door of both, and adds a section with the table to the page.</summary>
    /// <param name="stage">The heading of the section.</param>
    /// <param name="nodes">Their names in the table, and where their apps were published.</param>
    /// <param name="more">What else is to be done with them; null for nothing.</param>
    /// <param name="seed">Whether the users are made first.</param>
    public async Task StageAsync(
        string stage, IReadOnlyList<(string Name, string Folder)> nodes, Func<Node, Node, Task>? more = null, bool seed = false)
    {
        await using var first = await StartAsync(nodes[0].Name, nodes[0].Folder);
        await using var second = await StartAsync(nodes[1].Name, nodes[1].Folder);
        if (seed)
        {
            await SeedAsync(first);
        }

        var began = Stopwatch.GetTimestamp();
        await TryAsync(stage, first, second);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s: {stage}");
        await (more?.Invoke(first, second) ?? Task.CompletedTask);
    }

    /// <summary>A node that can't start says why.</summary>
    /// <param name="folder">Where the app was published.</param>
    /// <param name="reason">A part of what it says.</param>
    /// <param name="setting">A setting that it can't start with; without a value, one that it can't start without.</param>
    public async Task StopsAsync(string folder, string reason, (string Key, string? Value) setting)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("new", folder, setting));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>A session of a client that has moved.</summary>
    public async Task BeginLongSessionAsync(Node node) => _longSession = await UpgradeFacts.LogInAsync(node, Plain);

    /// <summary>That session lives, whatever has happened between.</summary>
    public async Task GoOnWithLongSessionAsync(Node node)
    {
        _longSession = await UpgradeFacts.RefreshAsync(node, _longSession!);
        Assert.Equal("200", (await node.GetAsync("/notes", _longSession.Text("access_token"))).Outcome);
    }

    /// <summary>All tables and indexes, as they were made.</summary>
    public Task<string> SchemaAsync() => Sqlite.TextAsync(Database, "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_master ORDER BY name)");

    /// <summary>Makes the users, as they come to be in the old app: by its own routes, and by its administrator.</summary>
    private async Task SeedAsync(Node node)
    {
        foreach (var person in People.Except([Old, External]))
        {
            Assert.Equal("200", (await node.PostAsync("/register", new { email = person.Email, password = person.Password })).Outcome);
        }

        await Tables.CreateAsync(Old.Email, Old.Password);
        await Tables.CreateAsync(External.Email);
        await Tables.WithAsync(External.Email, static (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Example", "7", null)));
        foreach (var person in People.Except([Unconfirmed]))
        {
            await ConfirmAsync(person);
        }

        await Tables.CreateRoleAsync("admin");
        await Tables.WithAsync(Admin.Email, static (users, user) => users.AddToRoleAsync(user, "admin"));
        await BanAsync(Banned);
        await AddSecondFactorAsync(node, Careful);
        foreach (var person in People)
        {
            var owner = await Tables.ReadAsync(person.Email, static user => user.Id);
            await Sqlite.ExecuteAsync(Database, $"INSERT INTO Notes (Owner, Text) VALUES ('{owner}', '{person.Email}')");
        }
    }

    public Task ConfirmAsync(Person person) => Tables.WithAsync(person.Email, static (users, user) =>
    {
        user.EmailConfirmed = true;
        return users.UpdateAsync(user);
    });

    /// <summary>Bans as most apps do.</summary>
    public Task BanAsync(Person person) => Tables.WithAsync(person.Email, static (users, user) =>
        users.SetLockoutEndDateAsync(user, TimeProvider.System.GetUtcNow().AddYears(100)));

    /// <summary>Adds a section with a table to the page: every kind of user at every door of two nodes.</summary>
    private async Task TryAsync(string stage, Node first, Node second)
    {
        _tables.Append(CultureInfo.InvariantCulture, $"\n## {stage}\n\n| user | {string.Join(" | ", Doors.Columns)} |\n");
        _tables.Append(CultureInfo.InvariantCulture, $"|{string.Concat(Enumerable.Repeat("---|", Doors.Columns.Count + 1))}\n");
        await ForgetAttemptsAsync();
        await LockAsync(first, second);
        var doors = new Doors(first, second);
        foreach (var person in People)
        {
            await WriteAsync(doors, person, person.Kind, sendsCode: false);
        }

        await WriteAsync(doors, Careful, "second factor, with the code", sendsCode: true);
    }

    /// <summary>The beginnings of the stored hashes of all who have a password and could log in; they show the format.</summary>
    public Task<string[]> HashesAsync(int length) =>
        Task.WhenAll(new[] { Plain, Admin, Old, Careful }.Select(person => Tables.ReadAsync(person.Email, user => user.PasswordHash![..length])));

    private static async Task AddSecondFactorAsync(Node node, Person person)
    {
        var token = (await node.PostAsync("/login", person.IdentityLogin(sendsCode: false))).Text("accessToken");
        person.AuthenticatorKey = (await node.PostAsync("/manage/2fa", new { }, token)).Text("sharedKey");
        Assert.Equal("200", (await node.PostAsync("/manage/2fa", new { enable = true, twoFactorCode = person.Code() }, token)).Outcome);
    }

    private async Task WriteAsync(Doors doors, Person person, string kind, bool sendsCode)
    {
        var cells = await doors.TryAsync(person, sendsCode);
        _tables.Append(CultureInfo.InvariantCulture, $"| {kind} | {string.Join(" | ", cells)} |\n");
    }

    /// <summary>Wrong passwords of one stage are not what the next one is about.</summary>
    private async Task ForgetAttemptsAsync()
    {
        foreach (var person in People.Except([Banned]))
        {
            await Tables.WithAsync(person.Email, static async (users, user) =>
            {
                await users.ResetAccessFailedCountAsync(user);
                return await users.SetLockoutEndDateAsync(user, null);
            });
        }

        if ((await SchemaAsync()).Contains("countersign_sign_in_attempts", StringComparison.Ordinal))
        {
            await Sqlite.ExecuteAsync(Database, "DELETE FROM countersign_sign_in_attempts");
        }
    }

    /// <summary>
    /// Sends wrong passwords until the account is locked: five, to the nodes in turns, and one of them through our door. All of them share one count.
    /// </summary>
    private async Task LockAsync(Node first, Node second)
    {
        var hasIdentity = (await first.PostAsync("/login", new { })).Status != 404;
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await Tables.ReadAsync(Locked.Email, static user => user.LockoutEnd));
            var node = i % 2 == 0 ? first : second;
            if (i == 1 && (await node.PostAsync("/api/v1/auth/login", new { username = Locked.Email, password = WrongPassword })).Status != 404)
            {
                continue;
            }

            await (hasIdentity
                ? node.PostAsync("/login", new { email = Locked.Email, password = WrongPassword })
                : Tables.WithAsync(Locked.Email, static (users, user) => users.AccessFailedAsync(user)));
        }

        Assert.NotNull(await Tables.ReadAsync(Locked.Email, static user => user.LockoutEnd));
    }
}
