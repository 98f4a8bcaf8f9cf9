using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>An authority that is down, slow or wrong: never 500, never 401 for a good token, and it mends itself.</summary>
public sealed class AuthorityOutageTests : IAsyncLifetime
{
    private readonly SemaphoreSlim _slowRequests = new(0);
    private AuthorityServer _authority = null!;

    /// <summary>What the authority does wrong, and a word of what the log says.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "down", "" },
        { "slow metadata", "no answer within 5 seconds" },
        { "slow keys", "no answer within 5 seconds" },
        { "keys that stop half-way", "no answer within 5 seconds" },
        { "metadata of another issuer", "issuer is not" },
        { "metadata of the issuer with a slash", "issuer is not" },
        { "metadata of the issuer in capitals", "issuer is not" },
        { "metadata without issuer", "issuer is not" },
        { "metadata with two issuers", "has a name twice" },
        { "metadata without jwks_uri", "jwks_uri is missing" },
        { "metadata with a number for jwks_uri", "jwks_uri is missing" },
        { "metadata with a relative jwks_uri", "jwks_uri is missing" },
        { "metadata with half a character", "is not text" },
        { "jwks_uri of another port", "another origin" },
        { "jwks_uri of another host", "another origin" },
        { "jwks_uri of another scheme", "another origin" },
        { "jwks_uri of a file", "another origin" },
        { "metadata that is a list", "no JSON object" },
        { "metadata that is HTML", "not JSON" },
        { "metadata of 64 KiB and more", "more than 65536 bytes" },
        { "metadata redirected", "answered 302" },
        { "metadata nowhere", "answered 404" },
        { "metadata failing", "answered 500" },
        { "keys redirected", "answered 302" },
        { "keys redirected on the spot", "answered 307" },
        { "keys nowhere", "answered 404" },
        { "keys failing", "answered 500" },
        { "keys not there yet", "answered 204" },
        { "keys of 64 KiB and more", "more than 65536 bytes" },
        { "keys of 64 KiB and more in chunks", "more than 65536 bytes" },
        { "keys that are HTML", "are refused" },
        { "keys that are a list", "are refused" },
        { "keys with a private key", "private or secret members" },
        { "keys with a secret", "private or secret members" },
        { "keys with an id twice", "another key has its id" },
        { "keys without id", "its kid is missing" },
        { "keys for encryption", "use or key_ops" },
        { "keys off their curve", "are refused" },
    };

    public async ValueTask InitializeAsync() => _authority = await AuthorityServer.StartAsync();

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_AtTheStart_Is503UntilItIsMended(string fault, string logged)
    {
        Break(fault);
        await using var app = await ResourceApp.StartAsync(
            _authority.Time, services => services.AddCountersignBearer(options => options.Authority = _authority.Issuer));
        var first = app.GetAsync(_authority.Token());
        await FailAsync(app, fault);

        AssertUnavailable(await first);
        AssertUnavailable(await app.GetAsync(_authority.Token()));
        var warnings = string.Join('\n', app.Log.Where(static line => line.StartsWith("Warning: ", StringComparison.Ordinal)));
        Assert.Contains(logged, warnings, StringComparison.Ordinal);

        Mend();
        await app.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        Assert.Contains(app.Log, line => line.Contains("are renewed again", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log, line => line.StartsWith("Error: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_InTheMiddle_LeavesTheGoodKeys(string fault, string logged)
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var good = app.InUse;
        Break(fault);
        _authority.Time.Advance(TimeSpan.FromSeconds(300));
        await FailAsync(app, fault);

        Assert.True(app.Keys.IsFailing);
        Assert.True(string.Join(" ", app.Log).Contains(logged, StringComparison.Ordinal), string.Join(" ", app.Log));
        Assert.Same(good, app.InUse);
        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);

        Mend();
        await app.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.False(app.Keys.IsFailing);
        Assert.Same(good, app.InUse);
    }

    [Fact]
    public async Task Start_NobodyListens_RecoversWhenSomebodyDoes()
    {
        await using var gone = await AuthorityServer.StartAsync(_authority.Time);
        var issuer = gone.Issuer;
        await gone.DisposeAsync();
        await using var app = await ResourceApp.StartAsync(_authority.Time, services => services.AddCountersignBearer(options => options.Authority = issuer));
        AssertUnavailable(await app.GetAsync(_authority.Token(issuer: issuer)));

        await using var back = await AuthorityServer.StartAsync(_authority.Time, new Uri(issuer).Port);
        await app.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(200, (await app.GetAsync(back.Token())).Status);
    }

    [Fact]
    public async Task Start_AuthorityDown_OpenRoutesAndBadCredentialsFareAsAlways()
    {
        _authority.IsDown = true;
        await using var app = await ResourceApp.StartAsync(_authority);

        Assert.Equal((401, "token_segments_malformed"), await ShortAsync(app.GetAsync("nonsense")));
    }

    [Fact]
    public async Task Outage_UpToTheLongestAge_IsNotFelt_AndThenIs503()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        _authority.IsDown = true;
        for (var hours = 1; hours < 24; hours++)
        {
            await app.AdvanceAsync(TimeSpan.FromHours(1));
            Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        }

        await app.AdvanceAsync(TimeSpan.FromMinutes(50));
        var warm = _authority.Token();
        Assert.Equal(200, (await app.GetAsync(warm)).Status);
        Assert.Equal(200, (await app.GetAsync(warm)).Status);

        await app.AdvanceAsync(TimeSpan.FromMinutes(10));
        AssertUnavailable(await app.GetAsync(warm));
        AssertUnavailable(await app.GetAsync(_authority.Token()));
        Assert.Single(app.Log, line => line.StartsWith("Error: ", StringComparison.Ordinal) && line.Contains("no longer used", StringComparison.Ordinal));

        _authority.IsDown = false;
        await app.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await app.GetAsync(warm)).Status);
    }

    [Fact]
    public async Task Outage_LongestAgeIsConfigured_IsObeyed()
    {
        await using var app = await ResourceApp.StartAsync(_authority, options => options.MaxKeyAge = TimeSpan.FromHours(2));
        _authority.IsDown = true;

        await app.AdvanceAsync(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);

        await app.AdvanceAsync(TimeSpan.FromSeconds(1));
        AssertUnavailable(await app.GetAsync(_authority.Token()));
    }

    /// <summary>After a sleep the first request finds keys too old and an authority that is well: it waits, and passes.</summary>
    [Fact]
    public async Task Sleep_LongerThanTheLongestAge_FailsNoRequest()
    {
        await using var app = await ResourceApp.StartAsync(_authority);

        _authority.Time.Advance(TimeSpan.FromDays(3));

        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
    }

    [Fact]
    public async Task Outage_UnknownKey_Is503_SinceNobodyCanTell()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        _authority.IsDown = true;
        _authority.Rotate();

        AssertUnavailable(await app.GetAsync(_authority.Token()));

        _authority.IsDown = false;
        await app.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
    }

    /// <summary>1, 2, 4, 8, 16 and then 30 seconds, up to a fifth less.</summary>
    [Fact]
    public async Task Failures_Pause_GrowsUpToHalfAMinute()
    {
        _authority.IsDown = true;
        await using var app = await ResourceApp.StartAsync(_authority);

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30, 30])
        {
            var before = _authority.RequestsFor(AuthorityServer.MetadataPath);
            await app.AdvanceAsync(TimeSpan.FromSeconds(seconds * 0.79));
            Assert.Equal(before, _authority.RequestsFor(AuthorityServer.MetadataPath));
            await app.AdvanceAsync(TimeSpan.FromSeconds(seconds * 0.22));
            Assert.Equal(before + 1, _authority.RequestsFor(AuthorityServer.MetadataPath));
        }
    }

    [Fact]
    public async Task Failures_ThousandRequests_AskNoMoreThanThePausesAllow()
    {
        _authority.IsDown = true;
        await using var app = await ResourceApp.StartAsync(_authority);
        var token = _authority.Token();

        for (var i = 0; i < 1000; i++)
        {
            AssertUnavailable(await app.GetAsync(token));
        }

        Assert.Equal(1, _authority.RequestsFor(AuthorityServer.MetadataPath));
    }

    [Fact]
    public async Task NoKeysPublished_Is503_AndObeyed()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var token = _authority.Token();
        Assert.Equal(200, (await app.GetAsync(token)).Status);

        var published = _authority.Published;
        _authority.Published = [];
        await app.AdvanceAsync(TimeSpan.FromSeconds(300));
        AssertUnavailable(await app.GetAsync(token));
        Assert.Contains(app.Log, line => line.Contains("no key of a known kind", StringComparison.Ordinal));

        _authority.Published = published;
        await app.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(200, (await app.GetAsync(token)).Status);
    }

    /// <summary>A handler of the app's that fails in a way of its own, and one that follows redirects.</summary>
    [Fact]
    public async Task BackchannelHandler_Throws_Is503()
    {
        using var handler = new OwnHandler(static _ => throw new InvalidOperationException("broken"));
        await using var app = await ResourceApp.StartAsync(_authority, options => options.BackchannelHttpHandler = handler);

        AssertUnavailable(await app.GetAsync(_authority.Token()));
        Assert.Contains(app.Log, line => line.Contains("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BackchannelHandler_FollowsARedirect_IsRefused()
    {
        Break("keys redirected");
        using var handler = new HttpClientHandler { AllowAutoRedirect = true };
        await using var app = await ResourceApp.StartAsync(_authority, options => options.BackchannelHttpHandler = handler);

        AssertUnavailable(await app.GetAsync(_authority.Token()));
        Assert.Contains(app.Log, line => line.Contains("redirects are not followed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BackchannelHandler_NeverAnswersNorListens_EndsInTime()
    {
        using var asked = new SemaphoreSlim(0);
        using var handler = new OwnHandler(_ =>
        {
            asked.Release();
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        });
        await using var app = await ResourceApp.StartAsync(_authority.Time, services => services.AddCountersignBearer(options =>
        {
            options.Authority = _authority.Issuer;
            options.BackchannelHttpHandler = handler;
        }));
        await asked.WaitAsync();

        await app.AdvanceAsync(TimeSpan.FromSeconds(5));

        AssertUnavailable(await app.GetAsync(_authority.Token()));
    }

    private static void AssertUnavailable(ResourceApp.Answer answer)
    {
        Assert.Equal((503, "temporarily_unavailable"), (answer.Status, answer.Code));
        Assert.InRange(answer.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Empty(answer.Challenge);
    }

    private static async Task<(int Status, string? Code)> ShortAsync(Task<ResourceApp.Answer> answer) => ((await answer).Status, (await answer).Code);

    /// <summary>Waits until the renewal under way has failed; one that would never end is ended by its time-out.</summary>
    private async Task FailAsync(ResourceApp app, string fault)
    {
        if (fault.StartsWith("slow", StringComparison.Ordinal) || fault.Contains("half-way", StringComparison.Ordinal))
        {
            await _slowRequests.WaitAsync();
            _authority.Time.Advance(TimeSpan.FromSeconds(5));
        }

        await app.SettleAsync();
    }

    private void Mend()
    {
        _authority.IsDown = false;
        _authority.Instead = static _ => Task.FromResult(false);
    }

    private void Break(string fault)
    {
        _authority.IsDown = fault == "down";
        var path = fault.Contains("keys", StringComparison.Ordinal) ? AuthorityServer.KeysPath : AuthorityServer.MetadataPath;
        _authority.Instead = async context =>
        {
            if (context.Request.Path != path)
            {
                return false;
            }

            await BreakAsync(context, fault);
            return true;
        };
    }

    private async Task BreakAsync(HttpContext context, string fault)
    {
        var response = context.Response;
        switch (fault)
        {
            case "slow metadata" or "slow keys":
                await HangAsync(context);
                return;
            case "keys that stop half-way":
                await response.WriteAsync("{\"keys\":[");
                await response.Body.FlushAsync();
                await HangAsync(context);
                return;
            case "keys of 64 KiB and more in chunks":
                for (var i = 0; i < 17; i++)
                {
                    await response.WriteAsync(new string(' ', 4096));
                    await response.Body.FlushAsync();
                }

                return;
        }

        var (status, body) = AnswerOf(fault);
        response.StatusCode = status;
        response.Headers.Location = status is 302 or 307 ? _authority.Issuer + "/moved" : default;
        if (status != 204)
        {
            response.ContentLength = body.Length;
            await response.WriteAsync(body);
        }
    }

    private async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        _slowRequests.Release();
        await gone.Task;
    }

    private (int Status, string Body) AnswerOf(string fault)
    {
        var issuer = _authority.Issuer;
        var key = System.Text.Encoding.UTF8.GetString(JsonWebKey.Write(_authority.Current.VerificationKey));
        return fault switch
        {
            "metadata of another issuer" => (200, Metadata("https://other.example")),
            "metadata of the issuer with a slash" => (200, Metadata(issuer + "/")),
            "metadata of the issuer in capitals" => (200, Metadata(issuer.ToUpperInvariant())),
            "metadata without issuer" => (200, $$"""{"jwks_uri":"{{issuer}}/keys"}"""),
            "metadata with two issuers" => (200, $$"""{"issuer":"https://other.example","issuer":"{{issuer}}","jwks_uri":"{{issuer}}/keys"}"""),
            "metadata without jwks_uri" => (200, $$"""{"issuer":"{{issuer}}"}"""),
            "metadata with a number for jwks_uri" => (200, $$"""{"issuer":"{{issuer}}","jwks_uri":1}"""),
            "metadata with a relative jwks_uri" => (200, Metadata(issuer, "keys")),
            "metadata with half a character" => (200, """{"issuer":"\ud800"}"""),
            "jwks_uri of another port" => (200, Metadata(issuer, "http://127.0.0.1:1/keys")),
            "jwks_uri of another host" => (200, Metadata(issuer, "http://other.example/keys")),
            "jwks_uri of another scheme" => (200, Metadata(issuer, issuer.Replace("http:", "https:", StringComparison.Ordinal) + "/keys")),
            "jwks_uri of a file" => (200, Metadata(issuer, "file:///etc/passwd")),
            "metadata that is a list" or "keys that are a list" => (200, "[]"),
            "metadata that is HTML" or "keys that are HTML" => (200, "<html></html>"),
            "metadata of 64 KiB and more" or "keys of 64 KiB and more" => (200, new string(' ', 65537)),
            "metadata redirected" or "keys redirected" => (302, ""),
            "keys redirected on the spot" => (307, ""),
            "metadata nowhere" or "keys nowhere" => (404, "{}"),
            "metadata failing" or "keys failing" => (500, "{}"),
            "keys not there yet" => (204, ""),
            "keys with a private key" => (200, $$"""{"keys":[{{key[..^1]}},"d":"AAAA"}]}"""),
            "keys with a secret" => (200, $$"""{"keys":[{{key}},{"kty":"oct","alg":"HS256","kid":"s","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"""),
            "keys with an id twice" => (200, $$"""{"keys":[{{key}},{{key}}]}"""),
            "keys without id" => (200, $$"""{"keys":[{{key.Replace("\"kid\"", "\"id\"", StringComparison.Ordinal)}}]}"""),
            "keys for encryption" => (200, $$"""{"keys":[{{key.Replace("\"sig\"", "\"enc\"", StringComparison.Ordinal)}}]}"""),
            "keys off their curve" => (
                200,
                $$"""{"keys":[{"kty":"EC","alg":"ES256","crv":"P-256","kid":"x","x":"{{new string('A', 43)}}","y":"{{new string('A', 43)}}"}]}"""),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown"),
        };
    }

    private string Metadata(string issuer, string? jwksUri = null) => $$"""{"issuer":"{{issuer}}","jwks_uri":"{{jwksUri ?? _authority.Issuer + "/keys"}}"}""";

    private sealed class OwnHandler(Func<HttpRequestMessage, Task<HttpResponseMessage>> send) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => send(request);
    }
}
