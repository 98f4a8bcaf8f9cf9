namespace Countersign.Server.Tests.Commands;

public sealed class SessionsCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task List_LiveSessions_OneLineEach()
    {
        using var client = await server.LoggedInAsync();
        var (exitCode, output, error) = await RunAsync("sessions", "list", client.Email);

        Assert.True(exitCode == 0, error);
        var fields = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Split('\t');
        Assert.Equal(5, fields.Length);
        Assert.True(Guid.TryParseExact(fields[0], "D", out _));
        Assert.Matches("^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$", fields[1]);
        Assert.Equal(["never", "127.0.0.1", "-"], fields[2..]);
    }

    [Fact]
    public async Task Revoke_OneOfTwo_ThatOneEndsOnTheRunningServer()
    {
        using var client = await server.LoggedInAsync();
        var (gone, goneRefresh) = (client.AccessToken, client.RefreshToken);
        await client.LogInAsync();
        var listed = (await RunAsync("sessions", "list", client.Email)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, listed.Length);
        var id = listed[^1].Split('\t')[0];

        Assert.Equal((0, "1 session ended\n", string.Empty), await RunAsync("sessions", "revoke", id));

        (await client.RefreshAsync(goneRefresh)).AssertRefused(400, "session_revoked");
        await Patience.UntilAsync(async () => (await client.MeAsync(gone)).Status == 401);
        Assert.Equal(200, (await client.MeAsync()).Status);
        var again = await RunAsync("sessions", "revoke", id);
        Assert.Equal((1, string.Empty), (again.ExitCode, again.Output));
        Assert.Contains("no live session", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_OfAnAccount_AllOfItAndNoOther()
    {
        using var client = await server.LoggedInAsync();
        await client.LogInAsync();
        using var other = await server.LoggedInAsync();

        Assert.Equal((0, "2 sessions ended\n", string.Empty), await RunAsync("sessions", "revoke", "--user", client.Email));

        await Patience.UntilAsync(async () => (await client.MeAsync()).Status == 401);
        Assert.Equal(200, (await other.MeAsync()).Status);
        Assert.Equal((0, string.Empty, string.Empty), await RunAsync("sessions", "list", client.Email));
    }

    [Fact]
    public async Task Revoke_Since_SessionsInUseSinceThen()
    {
        using var client = await server.LoggedInAsync();
        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((0, "0 sessions ended\n", string.Empty), await RunAsync("sessions", "revoke", "--since", later));
        Assert.Equal(200, (await client.MeAsync()).Status);

        var (exitCode, output, error) = await RunAsync("sessions", "revoke", "--since", "2020-01-01T00:00:00Z");

        Assert.True(exitCode == 0, error);
        Assert.Matches("^[1-9][0-9]* sessions? ended\n$", output);
        (await client.RefreshAsync()).AssertRefused(400, "session_revoked");
        await Patience.UntilAsync(async () => (await client.MeAsync()).Status == 401);
    }

    [Fact]
    public async Task Revoke_All_EverybodyLogsInAgain()
    {
        using var client = await server.LoggedInAsync();
        using var other = await server.LoggedInAsync();

        var (exitCode, output, error) = await RunAsync("sessions", "revoke", "--all");

        Assert.True(exitCode == 0, error);
        Assert.Matches("^all users are logged out: [1-9][0-9]* sessions ended\n$", output);
        (await client.RefreshAsync()).AssertRefused(400, "session_revoked");
        await Patience.UntilAsync(async () => (await client.MeAsync()).Status == 401);
        (await client.MeAsync()).AssertRefused(401, "epoch_revoked");
        (await other.MeAsync()).AssertRefused(401, "epoch_revoked");
        await client.LogInAsync();
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal(200, (await client.RefreshAsync()).Status);
    }

    [Theory]
    [InlineData("no account has", "sessions", "list", "nobody@example.com")]
    [InlineData("no account has", "sessions", "revoke", "--user", "nobody@example.com")]
    [InlineData("exactly one of", "sessions", "revoke")]
    [InlineData("exactly one of", "sessions", "revoke", "--all", "--user", "nobody@example.com")]
    [InlineData("exactly one of", "sessions", "revoke", "01890a5d-ac96-774b-bcce-b302099a8057", "--all")]
    [InlineData("not a session's id", "sessions", "revoke", "1")]
    [InlineData("no live session", "sessions", "revoke", "01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("not an instant", "sessions", "revoke", "--since", "yesterday")]
    [InlineData("not an instant", "sessions", "revoke", "--since", "2030-01-31T12:00:00")]
    public async Task Sessions_WhatCannotBeDone_IsSaid(string reason, params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => server.RunCommandAsync(arguments);
}
