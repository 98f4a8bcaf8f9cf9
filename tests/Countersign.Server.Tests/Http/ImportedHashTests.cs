namespace Countersign.Server.Tests.Http;

/// <summary>Accounts that were brought along with a hash of another scheme.</summary>
public sealed class ImportedHashTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>The password "password", from the reference implementation's own test.</summary>
    private const string Argon2id = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    [Fact]
    public async Task LogIn_Argon2idHash_SucceedsAndIsReplacedByBcrypt()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        await Sqlite.ExecuteAsync(server.Database, $"UPDATE AspNetUsers SET PasswordHash = '{Argon2id}' WHERE Email = '{client.Email}'");

        (await client.TryLogInAsync("passwore")).AssertRefused(400, "invalid_credentials");
        Assert.Equal(1, await CountAsync(client, $"PasswordHash = '{Argon2id}'"));
        Assert.Equal(200, (await client.TryLogInAsync("password")).Status);
        Assert.Equal(1, await CountAsync(client, "PasswordHash LIKE '$2b$10$%'"));
        Assert.Equal(200, (await client.TryLogInAsync("password")).Status);
    }

    [Fact]
    public async Task LogIn_Argon2idHashThatAsksForTooMuch_RefusedLikeAWrongPassword()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        string greedy = Argon2id.Replace("m=65536", "m=999999999", StringComparison.Ordinal);
        await Sqlite.ExecuteAsync(server.Database, $"UPDATE AspNetUsers SET PasswordHash = '{greedy}' WHERE Email = '{client.Email}'");

        (await client.TryLogInAsync("password")).AssertRefused(400, "invalid_credentials");
    }

    private Task<long> CountAsync(ApiClient client, string condition) =>
        Sqlite.CountAsync(server.Database, $"SELECT COUNT(*) FROM AspNetUsers WHERE Email = '{client.Email}' AND {condition}");
}
