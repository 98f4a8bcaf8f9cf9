using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Hosting;

public sealed class ServeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Serve_EmptyDirectory_MakesItsDataAndSaysWhereItIs()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal(
            [
                "Mode: own keys (ES256)",
                $"Listening on {server.Address.GetLeftPart(UriPartial.Authority)}",
                $"Database     {_directory.File("data/countersign.db")}",
                $"Master key   {_directory.File("data/master.key")}",
                "Mail         none: Auth:Mail:Host is not set",
            ],
            server.Lines.Take(5),
            StringComparer.Ordinal);
        Assert.Contains("/api/v1/auth/register", server.Lines[5], StringComparison.Ordinal);
        Assert.True(File.Exists(_directory.File("data/countersign.db")));

        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("""{"status":"live","faults":[]}""", await live.Content.ReadAsStringAsync());
        Assert.Equal("application/json", live.Content.Headers.ContentType!.ToString());
        Assert.False(live.Headers.Contains("Server"));
        using var ready = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("""{"status":"ready","faults":[]}""", await ready.Content.ReadAsStringAsync());

        var (exitCode, _) = await server.StopAsync();
        Assert.Equal(0, exitCode);
    }

    /// <summary>
    /// The documentation page is there where tokens say that this machine alone is served; without an issuer a proxy may stand before the server.
    /// </summary>
    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("https://auth.example.com", false)]
    [InlineData(null, false)]
    public async Task Serve_Issuer_DecidesWhetherTheDocumentationPageIsThere(string? issuer, bool docs)
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path, issuer is null ? null : Environment(("Auth__Issuer", issuer)));
        using var client = new HttpClient { BaseAddress = server.Address };

        using var page = await client.GetAsync("/docs/index.html");

        Assert.Equal(docs ? HttpStatusCode.OK : HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(
            docs ? [$"Docs         {new Uri(server.Address, "/docs")}"] : [],
            server.Lines.Where(static line => line.StartsWith("Docs", StringComparison.Ordinal)));
    }

    /// <summary>An orchestrator waits for longer than a request takes, and so does the server.</summary>
    [Fact]
    public async Task Serve_ToldToStopWhileARequestIsUnderWay_AnswersIt()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                "Content-Length: 21\r\nExpect: 100-continue\r\n\r\n"));
        using var reader = new StreamReader(stream);

        // Said once a route reads the body: the request is under way.
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
        Assert.Equal(string.Empty, await reader.ReadLineAsync());
        await stream.WriteAsync("{\"refresh_"u8.ToArray());

        var stopping = server.StopAsync();
        await Task.Delay(3500);
        Assert.False(stopping.IsCompleted);
        await stream.WriteAsync("token\":\"x\"}"u8.ToArray());

        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync());
        socket.Close();
        Assert.Equal(0, (await stopping).ExitCode);
    }

    /// <summary>The start runs in the database, on one thread: a signal must be heard all the same.</summary>
    [Fact]
    public async Task Serve_ToldToStopWhileItStarts_EndsInOrder()
    {
        await using (var first = await ServerProcess.BeginAsync(_directory.Path))
        {
            var (exitCode, log) = await first.StopAsync();
            Assert.Equal(
                (0, string.Empty), (exitCode, string.Concat(log.Split('\n').Where(static line => !line.Contains(" info: ", StringComparison.Ordinal)))));
        }

        await using var second = await ServerProcess.StartAsync(_directory.Path);
        var (later, said) = await second.StopAsync();
        Assert.Equal(0, later);
        Assert.DoesNotContain("left its lock behind", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SecondStart_KeepsKeyAndDatabase()
    {
        await using (var first = await ServerProcess.StartAsync(_directory.Path))
        {
            await first.StopAsync();
        }

        var key = await File.ReadAllTextAsync(_directory.File("data/master.key"));
        await using var second = await ServerProcess.StartAsync(_directory.Path);
        var (exitCode, log) = await second.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(key, await File.ReadAllTextAsync(_directory.File("data/master.key")));
        Assert.DoesNotContain("Made key", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Migration", log, StringComparison.Ordinal);
    }

    /// <summary>A secret that was meant for another process replaces no keys: the operator confirms the change, once.</summary>
    [Fact]
    public async Task Serve_SecretInADatabaseOfOwnKeys_StartsOnceTheChangeIsConfirmed()
    {
        await using (var first = await ServerProcess.StartAsync(_directory.Path))
        {
            Assert.Equal(0, (await first.StopAsync()).ExitCode);
        }

        // What every later start is given.
        (string, string) secret = ("SECRET_KEY", "hT7Qm2vLx9RbKd4WnZ8sYf3JcGp6EuVa");
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            _directory.Path, ["serve", "--urls", "http://127.0.0.1:0"], environment: Environment(secret));
        Assert.Equal(1, exitCode);
        Assert.Equal("Mode: shared secret (HS256)", output.Split('\n')[0]);
        Assert.DoesNotContain("Listening", output, StringComparison.Ordinal);
        Assert.Contains("Auth:Mode", error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Item2, output + error, StringComparison.Ordinal);

        foreach (var environment in new[] { Environment(secret, ("Auth__Mode", "SharedSecret")), Environment(secret) })
        {
            await using var server = await ServerProcess.StartAsync(_directory.Path, environment);
            Assert.Equal("Mode: shared secret (HS256)", server.Lines[0]);
            Assert.Equal(0, (await server.StopAsync()).ExitCode);
        }

        // And the way back is a change too.
        var (back, _, said) = await ServerProcess.RunAsync(_directory.Path, ["serve", "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(1, back);
        Assert.Contains("Auth:Mode", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not_found")]
    [InlineData("GET", "/api/v1/nothing", 404, "not_found")]
    [InlineData("POST", "/health/live", 405, "method_not_allowed")]
    [InlineData("GET", "/health/live/", 200, null)]
    public async Task Serve_FrameworkStatus_IsAProblemDocument(string method, string path, int status, string? code)
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (code is not null)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.ToString());
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
        }
    }

    [Theory]
    [InlineData("Logging__LogLevel__Microsoft")]
    [InlineData("Logging__LogLevel__Microsoft.AspNetCore")]
    [InlineData("Logging__Console__LogLevel__Default")]
    [InlineData("Logging__Console__LogLevel__Microsoft.AspNetCore")]
    [InlineData("Logging__Console__LogLevel__Microsoft*Diagnostics")]
    public async Task Serve_QueryWithASecret_IsInNoLog(string setting)
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path, Environment(("Logging__LogLevel__Default", "Trace"), (setting, "Trace")));
        using var client = new HttpClient { BaseAddress = server.Address };

        using var response = await client.GetAsync("/api/v1/users/me?access_token=hunter2");
        using var refused = await client.PostAsync(
            "/api/v1/auth/login", new StringContent("username=a%40example.com&password=hunter2", Encoding.UTF8, "application/x-www-form-urlencoded"));
        var (_, log) = await server.StopAsync();

        Assert.DoesNotContain("hunter2", log, StringComparison.Ordinal);
        Assert.All(log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ", line));
    }

    [Fact]
    public async Task Serve_ManyFaults_ListsAllAndStartsNothing()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            _directory.Path,
            ["--urls", "http://0.0.0.0:0"],
            environment: Environment(("SECRET_KEY", "secret"), ("ACCESS_TOKEN_EXPIRE_MINUTES", "soon"), ("Auth__Isuer", "https://auth.example.com")));

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("countersign: the configuration has 4 faults; nothing was started and nothing was changed.", lines[0]);
        Assert.Equal(["  1. ", "  2. ", "  3. ", "  4. "], lines.Skip(1).Select(line => line[..5]), StringComparer.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Serve_PortTaken_SaysSoInOneFault()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        try
        {
            var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, ["serve", "--urls", $"http://{taken.LocalEndpoint}"]);

            Assert.Equal(1, exitCode);
            Assert.Contains("is taken by another process", error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
        }
        finally
        {
            taken.Stop();
        }
    }

    [Fact]
    public async Task Serve_MalformedSettingsFile_SaysSoInOneLine()
    {
        await File.WriteAllTextAsync(_directory.File("appsettings.json"), "{ not json");

        var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, ["serve"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("appsettings.json", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_DatabaseVanished_IsNotReadyAndStaysLive()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var client = new HttpClient { BaseAddress = server.Address };

        // A table is taken away: the file of an open SQLite database can be removed without anybody noticing.
        await Sqlite.ExecuteAsync(_directory.File("data/countersign.db"), "ALTER TABLE AspNetUsers RENAME TO Gone");

        using var ready = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("""{"status":"not_ready","faults":["The database cannot be read."]}""", await ready.Content.ReadAsStringAsync());
        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);

        // Behind a proxy that is not named in the settings everybody has a loopback address: strangers learn the state and no more.
        (string, string)[] headers =
        [
            ("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"), ("Host", "auth.example.com"), ("Host", "127.0.0.1.example.com"),
        ];
        foreach (var (header, value) in headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
            request.Headers.Add(header, value);
            using var forwarded = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, forwarded.StatusCode);
            Assert.Equal("""{"status":"not_ready","faults":[]}""", await forwarded.Content.ReadAsStringAsync());
        }

        foreach (var host in new[] { "localhost", "LOCALHOST:5080", "127.0.0.1", "[::1]:5080" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready") { Headers = { Host = host } };
            using var local = await client.SendAsync(request);
            Assert.Contains("The database cannot be read.", await local.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // However often it is asked, and over the second for which an answer holds: one line.
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        using var later = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        await Sqlite.ExecuteAsync(_directory.File("data/countersign.db"), "ALTER TABLE Gone RENAME TO AspNetUsers");
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        using var back = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        var (_, log) = await server.StopAsync();
        Assert.Single(log.Split("The database can't be reached.").Skip(1));
        Assert.Single(log.Split("The database can be reached again.").Skip(1));
    }

    [Fact]
    public async Task Serve_TwoAtOnceOnOneNewDatabase_BothStart()
    {
        var starts = await Task.WhenAll(ServerProcess.StartAsync(_directory.Path), ServerProcess.StartAsync(_directory.Path));

        foreach (var server in starts)
        {
            await using (server)
            {
                using var client = new HttpClient { BaseAddress = server.Address };
                using var ready = await client.GetAsync("/health/ready");
                Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            }
        }
    }

    private static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
}
