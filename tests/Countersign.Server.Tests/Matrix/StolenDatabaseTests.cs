namespace Countersign.Server.Tests.Matrix;

/// <summary>Whoever has the database and not the master key has no way in: nothing in it is a credential, in whatever way it is written.</summary>
public sealed class StolenDatabaseTests(StolenDatabaseTests.Server server, ITestOutputHelper output) : IClassFixture<StolenDatabaseTests.Server>
{
    private const string ClientSecret = "Yk3mQ0sJx7vTq2LrWn5cAe8uHd1gZp4oFb6iKt9RlXw";

    [Fact]
    public async Task EveryValue_OfferedAsACredential_OpensNothing()
    {
        using var owner = await server.LoggedInAsync();
        await server.CommandAsync("users", "role", "add", owner.Email, "admin");
        owner.Keep(await owner.RefreshAsync());
        using var thief = new RawConnection(server.Address);
        await using var database = await DatabaseDigest.OpenAsync(server.Database);
        var values = (await database.ReadValuesAsync()).SelectMany(static pair => Forms(pair.Value).Select(form => (pair.Column, Text: form)))
            .DistinctBy(static pair => pair.Text).ToList();
        List<string> faults = [];

        foreach (var (column, value) in values)
        {
            foreach (var (name, call) in Calls(owner, value))
            {
                var answer = await thief.SendAsync(call);
                if (answer.Status is not (400 or 401) && answer.Body != """{"active":false}""")
                {
                    faults.Add($"{column} at {name}: {answer.Status} {answer.Body}");
                }
            }

            // Guesses are counted and then refused unseen, which would make this a test of the counter.
            await Sqlite.ExecuteAsync(server.Database, "DELETE FROM countersign_sign_in_attempts");
        }

        output.WriteLine($"{values.Count} values, each at {Calls(owner, "x").Count()} places");
        Assert.True(values.Count > 40, "The database is empty.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(200, (await owner.TryLogInAsync()).Status);
        Assert.Equal(200, (await owner.RefreshAsync()).Status);
        Assert.Equal("""{"active":true""", (await thief.SendAsync(Introspect(owner.AccessToken, ClientSecret))).Body[..14]);
    }

    private static IEnumerable<(string Name, RawCall Call)> Calls(ApiClient owner, string value) =>
    [
        ("login", Json("/api/v1/auth/login", new { username = owner.Email, password = value })),
        ("refresh", Json("/api/v1/auth/refresh", new { refresh_token = value })),
        ("the token endpoint", Form("/api/v1/auth/token", $"grant_type=refresh_token&refresh_token={Uri.EscapeDataString(value)}")),
        ("logout", Json("/api/v1/auth/logout-all", new { refresh_token = value })),
        ("the account", new RawCall("GET", "/api/v1/users/me").With("Authorization", "Bearer " + OneLine(value))),
        ("introspection, as the token", Introspect(value, ClientSecret)),
        ("introspection, as the secret", Introspect(owner.AccessToken, value)),
    ];

    private static RawCall Json(string address, object body) =>
        new RawCall("POST", address).WithBody("application/json", System.Text.Json.JsonSerializer.Serialize(body));

    private static RawCall Form(string address, string form) => new RawCall("POST", address).WithBody("application/x-www-form-urlencoded", form);

    private static RawCall Introspect(string token, string secret) =>
        Form("/api/v1/auth/introspect", $"token={Uri.EscapeDataString(token)}&client_id=api&client_secret={Uri.EscapeDataString(secret)}");

    /// <summary>A header has one line, and a value that has more is a way to write another header.</summary>
    private static string OneLine(string value) => string.Concat(value.Where(static character => character is > '\u001f' and < '\u007f'));

    private static IEnumerable<string> Forms(object value) => value is byte[] bytes
        ? [Convert.ToBase64String(bytes), Forge.Encode(bytes), Convert.ToHexStringLower(bytes)]
        : [(string)value];

    /// <summary>A server that lets one address and one account guess without end, and has a client.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__Audience", "https://api.example.com"),
            ("Auth__Clients__0__Id", "api"),
            ("Auth__Clients__0__SecretHash", MatrixServer.Hash(ClientSecret)),
            ("Auth__Clients__0__Audiences__0", "https://api.example.com"));
    }
}
