using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>A resource server whose authority is well: where the keys come from, how long they are kept, what a rotation does.</summary>
public sealed class AuthorityKeysTests : IAsyncLifetime
{
    private AuthorityServer _authority = null!;

    public async ValueTask InitializeAsync() => _authority = await AuthorityServer.StartAsync();

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    [Fact]
    public async Task Request_AuthorityAlone_IsAccepted()
    {
        await using var app = await ResourceApp.StartAsync(_authority);

        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        Assert.Equal((401, "token_signature_invalid"), Short(await app.GetAsync(Tampered(_authority.Token()))));
        Assert.Equal((401, "token_audience_wrong"), Short(await app.GetAsync(_authority.Token(audience: "https://other.example"))));
        Assert.Equal((401, "token_issuer_wrong"), Short(await app.GetAsync(_authority.Token(issuer: "https://other.example"))));
        Assert.Equal((403, "forbidden"), Short(await app.GetAsync(_authority.Token(), "/admin")));
        Assert.Equal(200, (await app.GetAsync(_authority.Token(roles: "admin"), "/admin")).Status);
    }

    [Fact]
    public async Task Request_FirstOfAll_WaitsForTheKeys()
    {
        var released = new TaskCompletionSource();
        _authority.Instead = async _ =>
        {
            await released.Task;
            return false;
        };
        await using var app = await ResourceApp.StartAsync(
            _authority.Time, services => services.AddCountersignBearer(options => options.Authority = _authority.Issuer));

        var answers = Enumerable.Range(0, 200).Select(_ => app.GetAsync(_authority.Token())).ToList();
        released.SetResult();

        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(200, answer.Status));
        Assert.Equal((1, 1), (_authority.RequestsFor(AuthorityServer.MetadataPath), _authority.KeyRequests));
    }

    /// <summary>A log of the app's that fails must not end the renewals: keys would grow too old, and then every request be refused for ever.</summary>
    [Fact]
    public async Task Renewal_LogThrows_IsFollowedByTheNext()
    {
        await using var app = await ResourceApp.StartAsync(
            _authority.Time,
            services => services.AddSingleton<ILoggerProvider>(new BrokenLog()).AddCountersignBearer(options => options.Authority = _authority.Issuer));
        await app.SettleAsync().WaitAsync(Patience.Limit);

        _authority.Rotate(keepsOld: false);
        _authority.Time.Advance(TimeSpan.FromSeconds(300));
        await app.SettleAsync().WaitAsync(Patience.Limit);

        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        Assert.Equal(2, _authority.KeyRequests);
    }

    [Fact]
    public async Task Keys_OfAConfiguredAddress_NeedNoMetadata()
    {
        await using var app = await ResourceApp.StartAsync(_authority, options => options.JwksUri = _authority.Issuer + AuthorityServer.KeysPath);

        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        Assert.Equal(0, _authority.RequestsFor(AuthorityServer.MetadataPath));
    }

    [Fact]
    public async Task Keys_OfAConfiguredAddress_MayBeOfAnotherOrigin()
    {
        const string Issuer = "https://auth.example.com";
        await using var app = await ResourceApp.StartAsync(_authority, options =>
        {
            options.Authority = Issuer;
            options.JwksUri = _authority.Issuer + AuthorityServer.KeysPath;
        });

        Assert.Equal(200, (await app.GetAsync(_authority.Token(issuer: Issuer))).Status);
        Assert.Equal(401, (await app.GetAsync(_authority.Token())).Status);
    }

    [Theory]
    [InlineData("", "/.well-known/oauth-authorization-server")]
    [InlineData("/tenant", "/.well-known/oauth-authorization-server/tenant")]
    [InlineData("/tenant", "/tenant/.well-known/openid-configuration")]
    public async Task Metadata_WhereEitherStandardPutsIt_IsFound(string path, string address)
    {
        var issuer = _authority.Issuer + path;
        _authority.Instead = context => AnswerAtAsync(context, address, $$"""{"issuer":"{{issuer}}","jwks_uri":"{{_authority.Issuer}}/keys"}""");
        await using var app = await ResourceApp.StartAsync(_authority, options => options.Authority = issuer);

        Assert.Equal(200, (await app.GetAsync(_authority.Token(issuer: issuer))).Status);
        Assert.Equal(1, _authority.RequestsFor(address));
    }

    [Fact]
    public async Task Metadata_OfAConfiguredAddress_MayNameKeysOfItsOrigin()
    {
        const string Issuer = "https://auth.example.com";
        _authority.Instead = context => AnswerAtAsync(context, "/inside", $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{_authority.Issuer}}/keys"}""");
        await using var app = await ResourceApp.StartAsync(_authority, options =>
        {
            options.Authority = Issuer;
            options.MetadataAddress = _authority.Issuer + "/inside";
        });

        Assert.Equal(200, (await app.GetAsync(_authority.Token(issuer: Issuer))).Status);
    }

    /// <summary>The answer's headers, and for how many seconds the keys are kept: renewed when 80 to 90 % of that have passed.</summary>
    [Theory]
    [InlineData("public, max-age=300", null, 300)]
    [InlineData("max-age=300, s-maxage=2000", null, 300)]
    [InlineData("max-age=1000", "400", 600)]
    [InlineData("max-age=300", "400", 60)]
    [InlineData("max-age=2", null, 60)]
    [InlineData("max-age=0", null, 60)]
    [InlineData("no-store", null, 60)]
    [InlineData("no-cache, max-age=300", null, 60)]
    [InlineData("max-age=86400", null, 3600)]
    [InlineData("public", null, 300)]
    [InlineData(null, null, 300)]
    [InlineData("max-age=soon", null, 60)]
    [InlineData("no-store, max-age=soon", null, 60)]
    [InlineData("max-age=300, a=b=c", null, 60)]
    [InlineData("no-store, \"", null, 60)]
    [InlineData("", null, 300)]
    public async Task CacheControl_WithinTheBounds_IsObeyed(string? cacheControl, string? age, int seconds)
    {
        _authority.CacheControl = cacheControl;
        _authority.Age = age;
        await using var app = await ResourceApp.StartAsync(_authority);

        await app.AdvanceAsync(TimeSpan.FromSeconds(seconds * 0.79));
        Assert.Equal(1, _authority.KeyRequests);

        await app.AdvanceAsync(TimeSpan.FromSeconds(seconds * 0.12));
        Assert.Equal(2, _authority.KeyRequests);
    }

    [Fact]
    public async Task Renewal_SameKeys_KeepsTheirObjects()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var before = app.InUse;

        await app.AdvanceAsync(TimeSpan.FromSeconds(300));
        Assert.Same(before, app.InUse);

        var old = _authority.Current.VerificationKey.KeyId;
        _authority.Rotate();
        await app.AdvanceAsync(TimeSpan.FromSeconds(300));
        Assert.NotSame(before, app.InUse);
        Assert.Same(before.Find(old), app.InUse.Find(old));
        Assert.Equal(3, _authority.KeyRequests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Renewal_KeyRemoved_ItsTokensAreRefused(bool isWarm)
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var token = _authority.Token();
        if (isWarm)
        {
            Assert.Equal(200, (await app.GetAsync(token)).Status);
        }

        _authority.Rotate(keepsOld: false);
        await app.AdvanceAsync(TimeSpan.FromSeconds(300));

        Assert.Equal((401, "token_key_unknown"), Short(await app.GetAsync(token)));
        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        Assert.Contains(app.Log, line => line.Contains("gone: [", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Renewal_SameIdWithOtherMaterial_IsAnotherKey(bool isWarm)
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var token = _authority.Token();
        if (isWarm)
        {
            Assert.Equal(200, (await app.GetAsync(token)).Status);
        }

        using var fresh = SigningKey.Create(SignatureAlgorithm.ES256);
        using var other = SigningKey.FromPkcs8(fresh.ExportPrivateKey(), SignatureAlgorithm.ES256, _authority.Current.VerificationKey.KeyId);
        _authority.Published = [other.VerificationKey];
        await app.AdvanceAsync(TimeSpan.FromSeconds(300));

        Assert.Equal((401, "token_signature_invalid"), Short(await app.GetAsync(token)));
        Assert.Equal(200, (await app.GetAsync(_authority.Token(key: other))).Status);
    }

    [Fact]
    public async Task Rotation_UnderParallelLoad_FailsNoRequest()
    {
        await using var app = await ResourceApp.StartAsync(_authority);

        var workers = Enumerable.Range(0, 40).Select(async worker =>
        {
            for (var i = 0; i < 25; i++)
            {
                if (worker == 0 && i == 10)
                {
                    _authority.Rotate();
                }

                Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
            }
        });
        await Task.WhenAll(workers);

        Assert.Equal(2, _authority.KeyRequests);
        Assert.Equal("no-cache", _authority.AskedWith);
    }

    [Fact]
    public async Task UnknownKey_200AtOnce_LeadToOneRenewal()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        _authority.Rotate();
        var token = _authority.Token();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => app.GetAsync(token)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(2, _authority.KeyRequests);
    }

    /// <summary>The renewal that is under way has asked before the key was published: its answer must not be the last word.</summary>
    [Fact]
    public async Task UnknownKey_WhileAnOlderRenewalIsUnderWay_IsAskedForAfterIt()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var (arrived, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        var old = JsonWebKeySet.Write(_authority.Published);
        _authority.Instead = async context =>
        {
            if (context.Request.Path != AuthorityServer.KeysPath)
            {
                return false;
            }

            _authority.Instead = static _ => Task.FromResult(false);
            arrived.SetResult();
            await released.Task;
            await context.Response.Body.WriteAsync(old);
            return true;
        };
        app.Keys.Renew();
        await arrived.Task;
        _authority.Rotate();

        // Straight to the scheme, which runs up to where it waits: a request could come when the old renewal is over.
        var scheme = app.Services.GetRequiredKeyedService<BearerScheme>(CountersignBearerDefaults.AuthenticationScheme);
        var decision = scheme.DecideAsync(new DefaultHttpContext(), _authority.Token().AsMemory()).AsTask();
        Assert.False(decision.IsCompleted);
        released.SetResult();

        Assert.NotNull((await decision).Claims);
        Assert.Equal(3, _authority.KeyRequests);
    }

    [Fact]
    public async Task UnknownKey_ThousandRandomOnes_LeadToOneRenewalInTenSeconds()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        var random = new Random(53);

        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal((401, "token_key_unknown"), Short(await app.GetAsync(_authority.TokenOfKey($"k{random.Next()}"))));
        }

        Assert.Equal(2, _authority.KeyRequests);
        await app.AdvanceAsync(TimeSpan.FromSeconds(9.9));
        await app.GetAsync(_authority.TokenOfKey("another"));
        Assert.Equal(2, _authority.KeyRequests);

        await app.AdvanceAsync(TimeSpan.FromSeconds(0.1));
        await app.GetAsync(_authority.TokenOfKey("another"));
        Assert.Equal(3, _authority.KeyRequests);
    }

    /// <summary>Rule J-51: a key that is announced long enough before it signs costs no request a wait, though the set was kept for all of its age.</summary>
    [Fact]
    public async Task Rotation_Announced_LeadsToNoRenewalOfItsOwn()
    {
        await using var app = await ResourceApp.StartAsync(_authority);
        using var next = SigningKey.Create(SignatureAlgorithm.ES256);
        _authority.Published = [.. _authority.Published, next.VerificationKey];
        await app.AdvanceAsync(TimeSpan.FromSeconds(300));

        Assert.Equal(200, (await app.GetAsync(_authority.Token(key: next))).Status);
        Assert.Equal(200, (await app.GetAsync(_authority.Token())).Status);
        Assert.Equal(2, _authority.KeyRequests);
    }

    /// <summary>Nothing of such a token is verified, so all of it may be anything.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"iss\":1}")]
    [InlineData("{\"iss\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":\"\",\"iss\":\"x\"}")]
    [InlineData("{\"i\\u0073s\":{}}")]
    public async Task UnknownKey_AnyPayload_IsRefusedAndNotAskedFor(string payload)
    {
        await using var app = await ResourceApp.StartAsync(_authority);

        foreach (var bytes in (byte[][])[System.Text.Encoding.UTF8.GetBytes(payload), [.. System.Text.Encoding.UTF8.GetBytes(payload), 0xFF]])
        {
            Assert.Equal(401, (await app.GetAsync(_authority.TokenOfKey("another", payload: bytes))).Status);
        }

        Assert.Equal(1, _authority.KeyRequests);
    }

    [Fact]
    public async Task UnknownKey_OfATokenOfAnotherIssuer_IsNotAskedFor()
    {
        await using var app = await ResourceApp.StartAsync(_authority);

        Assert.Equal((401, "token_key_unknown"), Short(await app.GetAsync(_authority.TokenOfKey("another", issuer: "https://other.example"))));

        Assert.Equal(1, _authority.KeyRequests);
    }

    private static (int Status, string? Code) Short(ResourceApp.Answer answer) => (answer.Status, answer.Code);

    private static string Tampered(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return $"{token[..signature]}{(token[signature] == 'A' ? 'B' : 'A')}{token[(signature + 1)..]}";
    }

    /// <summary>Serves a document at an address, and nothing where metadata stands otherwise.</summary>
    private static async Task<bool> AnswerAtAsync(HttpContext context, string address, string document)
    {
        var path = context.Request.Path.Value!;
        if (path == AuthorityServer.KeysPath)
        {
            return false;
        }

        context.Response.StatusCode = path == address ? 200 : 404;
        await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(path == address ? document : "{}"));
        return true;
    }

    /// <summary>Throws at what the schemes say, and at nothing else.</summary>
    private sealed class BrokenLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is >= 2000 and < 3000)
            {
                throw new IOException("The disk is full.");
            }
        }

        public void Dispose()
        {
        }
    }
}
