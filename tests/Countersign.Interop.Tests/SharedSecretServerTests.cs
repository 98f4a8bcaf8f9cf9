using Countersign.Interop.Tests.Support;

namespace Countersign.Interop.Tests;

/// <summary>The whole server: one <c>SECRET_KEY</c>, and a database that passlib filled.</summary>
public sealed class SharedSecretServerTests(SharedSecretServerTests.Server server) : IClassFixture<SharedSecretServerTests.Server>
{
    private const string Secret = "Qm7vKx2RtZ9wLc4HsNp8YbDf3GjTa6Eu";

    [Theory]
    [InlineData("jose-decode", "python-jose")]
    [InlineData("pyjwt-decode", "PyJWT")]
    public async Task LogIn_AccessToken_IsReadByTheOriginal(string verb, string library)
    {
        await Python.RequireAsync();
        using var client = server.Client();
        var userId = (await client.RegisterAsync()).Text("id");
        await client.LogInAsync();
        var answers = await Python.RunAsync(new { @do = verb, secret = Secret, token = client.AccessToken });

        Assert.Equal(userId, answers[0].Value.GetProperty("sub").GetString());
        Assert.Equal("access", answers[0].Value.GetProperty("type").GetString());
        InteropTable.Passed(library, "reads the access token of a login at the server");
    }

    [Theory]
    [InlineData("bcrypt")]
    [InlineData("bcrypt_sha256")]
    [InlineData("django_pbkdf2_sha256")]
    public async Task LogIn_HashOfPasslibInTheDatabase_SucceedsAndIsRenewed(string scheme)
    {
        await Python.RequireAsync();
        using var client = server.Client();
        await client.RegisterAsync();
        const string Password = "an imported password";
        var hash = (await Python.RunAsync(new { @do = "passlib-hash", scheme, password = Password }))[0].Text;
        Assert.Equal(1, await Sqlite.ExecuteAsync(server.Database, $"UPDATE AspNetUsers SET PasswordHash = '{hash}' WHERE Email = '{client.Email}'"));

        Assert.Equal(400, (await client.TryLogInAsync("another password")).Status);
        Assert.Equal(200, (await client.TryLogInAsync(Password)).Status);
        Assert.Equal(200, (await client.TryLogInAsync(Password)).Status);

        // Another scheme, and a cost below the server's 11, are hashed anew at the first login.
        Assert.Equal(
            0, await Sqlite.CountAsync(server.Database, $"SELECT COUNT(*) FROM AspNetUsers WHERE Email = '{client.Email}' AND PasswordHash = '{hash}'"));
        InteropTable.Passed("passlib", $"a database with its {scheme} hash: login, then the hash is renewed");
    }

    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("SECRET_KEY", Secret), ("ALGORITHM", "HS256"), ("Auth__Passwords__Cost", "11"));
    }
}
