
namespace Countersign.Server.Tests.Commands;

public sealed class UsersCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Users_FromTheFirstAccountOn_AreMadeListedAndChanged()
    {
        // An empty database has no account: nobody can log in before an operator or a sign-up made one.
        Assert.Equal((0, string.Empty, string.Empty), await RunAsync("users", "list"));

        var (created, output, error) = await RunAsync("users", "create", "ada@example.com", "--generate", "--display-name", "Ada", "--role", "admin");
        Assert.True(created == 0, error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("ada@example.com was created (", lines[0], StringComparison.Ordinal);
        Assert.Matches("^password: [a-km-np-z2-9]{24}$", lines[1]);
        Assert.Matches("^it must be changed before [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC$", lines[2]);

        Assert.Contains("\tactive\t", (await RunAsync("users", "list")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "admin\n", string.Empty), await RunAsync("users", "role", "list", "ada@example.com"));
        const string Stale = "Its access tokens are refused from now on, and a refresh gives new ones\n";
        Assert.Equal(
            (0, $"ada@example.com has the role auditor. {Stale}", string.Empty), await RunAsync("users", "role", "add", "ada@example.com", "auditor"));
        Assert.Equal(
            (0, $"ada@example.com no longer has the role admin. {Stale}", string.Empty),
            await RunAsync("users", "role", "remove", "ada@example.com", "admin"));
        Assert.Equal((0, "auditor\n", string.Empty), await RunAsync("users", "role", "list", "ada@example.com"));
        Assert.Equal((0, "ada@example.com is inactive\n", string.Empty), await RunAsync("users", "deactivate", "ada@example.com"));
        Assert.Contains("\tinactive\t", (await RunAsync("users", "list")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "ada@example.com is inactive already\n", string.Empty), await RunAsync("users", "deactivate", "ada@example.com"));
        Assert.Equal((0, "ada@example.com is active\n", string.Empty), await RunAsync("users", "activate", "ada@example.com"));
        Assert.Equal((0, "ada@example.com is unlocked\n", string.Empty), await RunAsync("users", "unlock", "ada@example.com"));
    }

    [Fact]
    public async Task Create_PasswordFromStandardInput_IsReadAndNeverShown()
    {
        var (exitCode, output, error) = await RunAsync("a perfectly good password\n", ["users", "create", "ada@example.com", "--password-stdin"]);

        Assert.True(exitCode == 0, error);
        Assert.DoesNotContain("perfectly", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password", "common", "users", "create", "ada@example.com", "--password-stdin")]
    [InlineData("short", "at least 8", "users", "create", "ada@example.com", "--password-stdin")]
    [InlineData("", "no password", "users", "create", "ada@example.com", "--password-stdin")]
    [InlineData("a perfectly good password", "mail", "users", "create", "no address", "--password-stdin")]
    [InlineData("a perfectly good password", "mail", "users", "create", "two words@example.com", "--password-stdin")]
    [InlineData("a perfectly good password", "mail", "users", "create", "e\u200Bve@example.com", "--password-stdin")]
    [InlineData("a perfectly good password", "mail", "users", "create", "ada@localhost", "--password-stdin")]
    [InlineData("a perfectly good password", "mail", "users", "create", "\u0430da@example.com", "--password-stdin")]
    [InlineData("a perfectly good password", "display name", "users", "create", "eve@example.com", "--password-stdin", "--display-name", "E\u202Eve")]
    [InlineData("", "no account has", "users", "deactivate", "nobody@example.com")]
    [InlineData("", "no account has", "users", "unlock", "01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("", "no account has", "users", "role", "list", "nobody@example.com")]
    public async Task Users_WhatCannotBeDone_IsOneLineAndAFailure(string input, string reason, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(input, arguments);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("countersign: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Create_AddressTaken_IsRefused()
    {
        await RunAsync("a perfectly good password\n", ["users", "create", "ada@example.com", "--password-stdin"]);

        var (exitCode, output, error) = await RunAsync("users", "create", "ADA@example.com", "--generate");

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains("taken", error, StringComparison.Ordinal);
        Assert.Equal(1, await Sqlite.CountAsync(_directory.File("data/countersign.db"), "SELECT count(*) FROM AspNetUsers"));
    }

    [Fact]
    public async Task Create_OtherSpellingOfADomain_IsTakenAndBothNameTheAccount()
    {
        await RunAsync("a perfectly good password\n", ["users", "create", "ada@b\u00FCcher.example", "--password-stdin", "--role", "admin"]);

        var (exitCode, _, error) = await RunAsync("users", "create", "ada@xn--bcher-kva.example", "--generate");

        Assert.Equal(1, exitCode);
        Assert.Contains("taken", error, StringComparison.Ordinal);
        Assert.Equal((0, "admin\n", string.Empty), await RunAsync("users", "role", "list", "ada@xn--bcher-kva.example"));
        Assert.Equal((0, "admin\n", string.Empty), await RunAsync("users", "role", "list", "ada@b\u00FCcher.example"));
    }

    /// <summary>A person who comes too late, or lost the password, gets another; who has chosen one keeps it.</summary>
    [Theory]
    [InlineData("a perfectly good password\n", "taken", "--password-stdin")]
    [InlineData("", "without --display-name and --role", "--generate", "--role", "admin")]
    [InlineData("", "without --display-name and --role", "--generate", "--display-name", "Ada")]
    public async Task Create_InitialPasswordNeverChanged_IsRenewedByGenerateAlone(string input, string reason, params string[] other)
    {
        await RunAsync("users", "create", "ada@example.com", "--generate");
        var database = _directory.File("data/countersign.db");
        Assert.Equal(1, await Sqlite.CountAsync(database, $"SELECT count(*) FROM AspNetUsers WHERE PasswordExpiresAt BETWEEN {InADay(-5)} AND {InADay(0)}"));
        await Sqlite.ExecuteAsync(database, "UPDATE AspNetUsers SET PasswordExpiresAt = 1, SecurityStamp = 'old'");

        var (refused, _, error) = await RunAsync(input, ["users", "create", "ada@example.com", .. other]);
        Assert.Equal(1, refused);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal(1, await Sqlite.CountAsync(database, "SELECT count(*) FROM AspNetUsers WHERE PasswordExpiresAt = 1 AND SecurityStamp = 'old'"));

        var (exitCode, output, failure) = await RunAsync("users", "create", "ADA@example.com", "--generate");
        Assert.True(exitCode == 0, failure);
        Assert.Matches(
            "^ada@example.com has a new initial password \\([0-9a-f-]{36}\\)\npassword: [a-km-np-z2-9]{24}\nit must be changed before .* UTC\n$", output);
        Assert.Equal(
            1,
            await Sqlite.CountAsync(
                database, $"SELECT count(*) FROM AspNetUsers WHERE PasswordExpiresAt BETWEEN {InADay(-5)} AND {InADay(0)} AND SecurityStamp <> 'old'"));
    }

    [Theory]
    [InlineData("users", "create", "ada@example.com")]
    [InlineData("users", "create", "ada@example.com", "--generate", "--password-stdin")]
    [InlineData("users", "create")]
    [InlineData("users", "vanish")]
    [InlineData("serve", "--port", "80")]
    public async Task Arguments_Wrong_AreRefusedBeforeAnythingIsMade(params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.NotEmpty(error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    /// <summary>In the database's ticks, as many minutes off.</summary>
    private static long InADay(int minutes) => TimeProvider.System.GetUtcNow().AddDays(1).AddMinutes(minutes).UtcTicks;

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => ServerProcess.RunAsync(_directory.Path, arguments);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string input, string[] arguments) =>
        ServerProcess.RunAsync(_directory.Path, arguments, input);
}
