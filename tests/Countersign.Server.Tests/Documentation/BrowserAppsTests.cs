using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Documentation;

/// <summary>The code of <c>docs/browser-apps.md</c>, run under node against a server: two tabs are two objects that talk over the same channel.</summary>
public sealed partial class BrowserAppsTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private const string Node = "/usr/bin/node";

    private const string Driver = """
        import { Tokens } from "./tokens.mjs";
        import assert from "node:assert/strict";

        const api = process.argv[2] + "/api/v1";
        const me = api + "/users/me";
        const username = process.argv[3], password = process.argv[4];
        const until = async (holds) => { while (!holds()) await new Promise((done) => setTimeout(done, 5)); };
        const json = { "Content-Type": "application/json" };
        const real = globalThis.fetch;
        const registered = await real(api + "/auth/register", { method: "POST", headers: json, body: JSON.stringify({ email: username, password }) });
        assert.equal(registered.status, 201);

        const ended = [];
        const first = new Tokens(api, () => ended.push("first"));
        const second = new Tokens(api, () => ended.push("second"));
        await assert.rejects(first.fetch(me), /Not logged in/);
        await assert.rejects(first.login(username, password + "x"), { code: "invalid_credentials", error: "invalid_grant" });

        await first.login(username, password);
        await until(() => second.loggedIn);
        const third = new Tokens(api, () => ended.push("third"));
        await until(() => third.loggedIn);
        assert.equal((await second.fetch(me)).status, 200);
        console.log("a login is every tab's");

        let refreshes = 0;
        globalThis.fetch = (url, options) => { refreshes += url.endsWith("/refresh") ? 1 : 0; return real(url, options); };
        await Promise.all([first.refresh(), second.refresh(), first.refresh()]);
        assert.equal(refreshes, 2);
        assert.deepEqual([first.generation, second.generation], [2, 2]);
        await until(() => third.generation === 2);
        for (const tab of [first, second, third]) assert.equal((await tab.fetch(me)).status, 200);
        console.log("tabs that race end with one pair");

        globalThis.fetch = async (url, options) => url.endsWith("/refresh")
          ? new Response(
              JSON.stringify({ code: "temporarily_unavailable", error: "temporarily_unavailable" }),
              { status: 503, headers: { "Retry-After": "2" } })
          : real(url, options);
        await assert.rejects(first.refresh(), { code: "temporarily_unavailable", retryAfter: 2 });
        globalThis.fetch = async (url, options) => {
          if (url.endsWith("/refresh")) { await (await real(url, options)).text(); throw new TypeError("lost"); }
          return real(url, options);
        };
        await assert.rejects(first.refresh(), /lost/);
        globalThis.fetch = real;
        assert.equal(first.loggedIn, true);
        await first.refresh();
        assert.equal((await first.fetch(me)).status, 200);
        console.log("an outage and a lost answer cost nothing");

        let refused = 0;
        globalThis.fetch = (url, options) => url === me && refused++ === 0 ? Promise.resolve(new Response(null, { status: 401 })) : real(url, options);
        assert.equal((await first.fetch(me)).status, 200);
        assert.equal(refused, 2);
        globalThis.fetch = real;
        console.log("a refused access token is replaced once");

        await second.logout();
        await until(() => ended.length === 3);
        assert.deepEqual(ended.sort(), ["first", "second", "third"]);
        await assert.rejects(first.fetch(me), /Not logged in/);
        await first.login(username, password);
        const gone = await real(api + "/auth/logout-all", { method: "POST", headers: { Authorization: `Bearer ${await access(first)}` } });
        assert.equal(gone.status, 204);
        await first.refresh();
        assert.equal(first.loggedIn, false);
        for (const tab of [first, second, third]) tab.close();
        console.log("an ended session is ended in every tab");

        async function access(tab) {
          let header;
          globalThis.fetch = (url, options) => { header = options.headers.get("Authorization"); return real(url, options); };
          await tab.fetch(me);
          globalThis.fetch = real;
          return header.slice("Bearer ".length);
        }
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Sample_WordForWord_Works()
    {
        Assert.SkipUnless(File.Exists(Node), "node is not installed.");
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "browser-apps.md"));
        await File.WriteAllTextAsync(_directory.File("tokens.mjs"), Sample().Match(document).Groups["code"].Value);
        await File.WriteAllTextAsync(_directory.File("driver.mjs"), Driver);

        var (exitCode, output, error) = await RunAsync(
            "driver.mjs", server.Address.GetLeftPart(UriPartial.Authority), $"u{Guid.CreateVersion7():N}@example.com", ApiClient.Password);

        Assert.True(exitCode == 0, output + error);
        Assert.Equal(5, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        new ProcessCommand([Node, .. arguments]) { Folder = _directory.Path }.RunAsync(patience: Patience.Limit);

    [GeneratedRegex("```js\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();
}
