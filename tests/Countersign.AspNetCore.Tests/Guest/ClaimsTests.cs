using System.Security.Claims;
using System.Text.Json;
using Countersign.Sessions;
using Countersign.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>What access tokens carry of an account under each option, when that changes, and what the app's own class may do.</summary>
public sealed class ClaimsTests
{
    private static readonly string[] OurOwn =
        ["iss", "sub", "aud", "client_id", "exp", "iat", "jti", "sid", "type", "auth_time", "amr", "roles", "epoch", "rev"];

    [Fact]
    public async Task Login_ByDefault_TheNameIsTheUserName()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI());
        await app.CreateAsync("ann", "ann@example.com");
        var access = AccessToken((await app.LoginAsync("ann")).Text);

        Assert.Equal("name=ann", Further(access));
        Assert.Equal("ann", (await app.SendAsync("GET", "/name", null, access)).Text);
    }

    [Fact]
    public async Task Login_WithoutName_TheNameIsTheId()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(("Auth:Claims:Name", "false")));
        var ann = await app.CreateAsync("ann", "ann@example.com");
        var access = AccessToken((await app.LoginAsync("ann")).Text);

        Assert.Equal("", Further(access));
        Assert.Equal(ann, (await app.SendAsync("GET", "/name", null, access)).Text);
    }

    /// <summary>Each option at a login and at a refresh, which read the account by different ways.</summary>
    [Theory]
    [InlineData("Email", "email=ann@example.com email_verified=false name=ann")]
    [InlineData("UserClaims", "name=ann tenant=[\"t1\",\"t2\"]")]
    [InlineData("RoleClaims", "name=ann permission=write")]
    [InlineData("UseClaimsPrincipalFactory", "name=ann permission=write tenant=[\"t1\",\"t2\"]")]
    public async Task Token_OfALoginAndOfARefresh_CarriesWhatTheOptionSays(string option, string expected)
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(($"Auth:Claims:{option}", "true")));
        await CreateAsync(app);

        var login = await app.LoginAsync("ann");
        var refreshed = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.Json.GetProperty("refresh_token").GetString() });

        Assert.Equal(expected, Further(AccessToken(login.Text)));
        Assert.Equal(expected, Further(AccessToken(refreshed.Text)));
        Assert.DoesNotContain("SecurityStamp", Payload(AccessToken(login.Text)).GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["clerk"], Payload(AccessToken(login.Text)).GetProperty("roles").EnumerateArray().Select(static role => role.GetString()!));
    }

    /// <summary>A change through Identity's managers makes the token stale under the options that put it into the token, and under no other.</summary>
    [Theory]
    [InlineData("", "user name", true)]
    [InlineData("Name=false", "user name", false)]
    [InlineData("", "telephone", false)]
    [InlineData("", "user claim", false)]
    [InlineData("UserClaims=true", "user claim", true)]
    [InlineData("UserClaims=true", "telephone", false)]
    [InlineData("", "role claim", false)]
    [InlineData("RoleClaims=true", "role claim", true)]
    [InlineData("UseClaimsPrincipalFactory=true", "user claim", true)]
    [InlineData("UseClaimsPrincipalFactory=true", "telephone", false)]
    [InlineData("Email=true", "confirmation", true)]
    [InlineData("", "confirmation", false)]
    [InlineData("", "role", true)]
    [InlineData("UserClaims=true", "role", true)]
    [InlineData("", "role renamed", true)]
    public async Task Change_ThroughIdentity_IsStaleIfTheTokenCarriesIt(string option, string change, bool isStale)
    {
        (string, string)[] settings = option.Split('=') is [var name, var value] ? [($"Auth:Claims:{name}", value)] : [];
        await using var app = await GuestApp.StartAsync(WhoAmI(settings));
        await CreateAsync(app);
        var login = await app.LoginAsync("ann");
        var access = AccessToken(login.Text);
        Assert.Equal(200, (await app.SendAsync("GET", "/name", null, access)).Status);

        Assert.True((await ChangeAsync(app, change)).Succeeded);

        var reply = await app.SendAsync("GET", "/name", null, access);
        Assert.Equal(isStale ? (401, "token_stale") : (200, null), (reply.Status, reply.Code));
        var refreshed = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.Json.GetProperty("refresh_token").GetString() });
        Assert.Equal(200, refreshed.Status);
    }

    [Fact]
    public async Task OwnClaims_LoginAndRefresh_AreInTheTokenWithTheirTypes()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(own: typeof(Tenant)));
        await CreateAsync(app);

        var login = await app.LoginAsync("ann");
        var refreshed = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.Json.GetProperty("refresh_token").GetString() });

        Assert.Equal("level=3 name=Miss ann tenant_id=t-ann", Further(AccessToken(login.Text)));
        Assert.Equal("level=3 name=Miss ann tenant_id=t-ann", Further(AccessToken(refreshed.Text)));
        Assert.Equal("Miss ann", (await app.SendAsync("GET", "/name", null, AccessToken(login.Text))).Text);
        Assert.Equal(200, (await app.SendAsync("GET", "/tenant", null, AccessToken(login.Text))).Status);
    }

    [Fact]
    public async Task OwnClaims_UserSaved_IsStaleIfTheyAreOthers()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(own: typeof(Tenant)));
        await CreateAsync(app);
        var access = AccessToken((await app.LoginAsync("ann")).Text);

        await app.WithUserAsync("ann", static (manager, user) => manager.UpdateAsync(user));
        Assert.Equal(200, (await app.SendAsync("GET", "/name", null, access)).Status);

        await ChangeAsync(app, "telephone");
        Assert.Equal("token_stale", (await app.SendAsync("GET", "/name", null, access)).Code);
    }

    /// <summary>A class that throws refuses the login and the refresh, leaves no session, and prevents no saving.</summary>
    [Fact]
    public async Task OwnClaims_Throw_RefusesAndChangesNothing()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(own: typeof(Failing)));
        Failing.Fails = false;
        var ann = await CreateAsync(app);
        var login = await app.LoginAsync("ann");
        var sessions = app.Services.GetRequiredService<SessionService>();
        foreach (var after in (int[])[0, 1])
        {
            (Failing.Fails, Failing.Spared) = (true, after);
            Assert.Equal(500, (await app.LoginAsync("ann")).Status);
        }

        Failing.Spared = 0;
        var refresh = login.Json.GetProperty("refresh_token").GetString();
        Assert.Equal(500, (await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refresh })).Status);
        Assert.True((await ChangeAsync(app, "telephone")).Succeeded);
        Assert.Single(await sessions.ListAsync(ann, null, 10));
        Assert.Contains(app.Log.Lines, static line => line.Text.Contains(nameof(Failing), StringComparison.Ordinal));

        Failing.Fails = false;
        var refreshed = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refresh });
        Assert.Equal(2, refreshed.Json.GetProperty("refresh_generation").GetInt32());
    }

    /// <summary>Wrong passwords come from strangers. They must cost what they cost for an unknown account, and run none of the app's code.</summary>
    [Fact]
    public async Task OwnClaims_WrongPasswords_AreNotAsked()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(own: typeof(Failing)));
        Failing.Fails = false;
        await CreateAsync(app);
        var access = AccessToken((await app.LoginAsync("ann")).Text);
        var before = Failing.Calls;

        Assert.Equal(400, (await app.LoginAsync("ann", "Not the password, 1")).Status);
        await app.WithUserAsync("ann", static (manager, user) => manager.ResetAccessFailedCountAsync(user));

        Assert.Equal(before, Failing.Calls);
        Assert.Equal(200, (await app.SendAsync("GET", "/name", null, access)).Status);
    }

    /// <summary>A call that fails may leave a change in the context, which the next save of the same request writes.</summary>
    [Fact]
    public async Task Roles_ChangedByACallThatFails_AreStaleWithTheNextSave()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI());
        await CreateAsync(app);
        var access = AccessToken((await app.LoginAsync("ann")).Text);

        await app.WithUserAsync("ann", static async (manager, user) =>
        {
            Assert.False((await manager.RemoveFromRolesAsync(user, ["clerk", "admin"])).Succeeded);
            return await manager.UpdateAsync(user);
        });

        Assert.Equal("token_stale", (await app.SendAsync("GET", "/name", null, access)).Code);
    }

    /// <summary>A stored address must not stand beside <c>email_verified</c>, which is about the account's own.</summary>
    [Fact]
    public async Task StoredClaims_NamesThatAnOptionWrites_AreLeftOut()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(("Auth:Claims:Email", "true"), ("Auth:Claims:UserClaims", "true")));
        await app.CreateAsync("ann", "ann@example.com");
        Claim[] stored = [new("email", "eve@example.com"), new("name", "root"), new(new string('\u0001', 200), "a name that no reader takes")];
        await app.WithUserAsync("ann", (manager, user) => manager.AddClaimsAsync(user, stored));

        Assert.Equal("email=ann@example.com email_verified=false name=ann", Further(AccessToken((await app.LoginAsync("ann")).Text)));
    }

    /// <summary>JSON that no reader takes is found before anything is written.</summary>
    [Fact]
    public async Task OwnClaims_UnreadableJson_RefuseTheLoginAndLeaveNoSession()
    {
        await using var app = await GuestApp.StartAsync(WhoAmI(own: typeof(Unreadable)));
        var ann = await CreateAsync(app);

        Assert.Equal(500, (await app.LoginAsync("ann")).Status);

        Assert.Equal(0, await app.WithContextAsync(static async context =>
            (await context.Database.SqlQueryRaw<int>("SELECT COUNT(*) AS Value FROM countersign_sessions").ToListAsync())[0]));
        Assert.Contains(app.Log.Lines, line => line.Event == 3020 && line.Text.Contains(ann, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(Reserved), "\"sub\"")]
    [InlineData(typeof(Twin), "both add the claim \"tenant_id\"")]
    public async Task OwnClaims_NamesThatCanNotBe_StopTheStart(Type own, string expected)
    {
        var setup = WhoAmI(own: own, more: typeof(Tenant));

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(setup));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddAccessTokenClaims_OfAnotherUserType_Throws()
    {
        var builder = new ServiceCollection().AddCountersign<IdentityUser>();

        Assert.Throws<ArgumentException>(() => builder.AddAccessTokenClaims<Tenant>());
    }

    private static GuestSetup WhoAmI(params (string Name, string Value)[] settings) => WhoAmI(own: null, more: null, settings);

    private static GuestSetup WhoAmI(Type? own, Type? more = null, params (string Name, string Value)[] settings) => new()
    {
        Settings = settings.ToDictionary(static one => one.Name, static one => (string?)one.Value, StringComparer.Ordinal),
        Services = services =>
        {
            services.AddAuthorizationBuilder().AddPolicy("tenant", static policy => policy.RequireClaim("tenant_id", "t-ann"));
            foreach (var type in (Type?[])[own, more])
            {
                if (type is not null)
                {
                    services.AddScoped(typeof(IAccessTokenClaims<GuestUser>), type);
                }
            }
        },
        MapApp = static app =>
        {
            app.MapGet("/name", static (CurrentUser user, ClaimsPrincipal principal) => principal.Identity!.Name);
            app.MapGet("/tenant", static (CurrentUser user) => "").RequireAuthorization("tenant");
        },
    };

    private static async Task<string> CreateAsync(GuestApp app)
    {
        var id = await app.CreateAsync("ann", "ann@example.com");
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<GuestUser>>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        var user = (await users.FindByIdAsync(id))!;
        var clerk = new IdentityRole("clerk");
        Assert.True((await roles.CreateAsync(clerk)).Succeeded);
        Assert.True((await roles.AddClaimAsync(clerk, new Claim("permission", "write"))).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, "clerk")).Succeeded);

        // The last one is a name that no token may have: the account must be able to log in all the same.
        Claim[] claims = [new("tenant", "t1"), new("tenant", "t2"), new("tenant", "t1"), new("sub", "somebody else")];
        Assert.True((await users.AddClaimsAsync(user, claims)).Succeeded);
        return id;
    }

    private static async Task<IdentityResult> ChangeAsync(GuestApp app, string change)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<GuestUser>>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        var user = (await users.FindByEmailAsync("ann@example.com"))!;
        var clerk = (await roles.FindByNameAsync("clerk"))!;
        switch (change)
        {
            case "user name":
                user.UserName = "anna";
                return await users.UpdateAsync(user);
            case "telephone":
                user.PhoneNumber = "1234";
                return await users.UpdateAsync(user);
            case "confirmation":
                user.EmailConfirmed = true;
                return await users.UpdateAsync(user);
            case "user claim":
                return await users.RemoveClaimAsync(user, new Claim("tenant", "t2"));
            case "role claim":
                return await roles.AddClaimAsync(clerk, new Claim("permission", "read"));
            case "role renamed":
                clerk.Name = "scribe";
                return await roles.UpdateAsync(clerk);
            default:
                return await users.RemoveFromRoleAsync(user, "clerk");
        }
    }

    private static string AccessToken(string reply) => JsonSerializer.Deserialize<JsonElement>(reply).GetProperty("access_token").GetString()!;

    private static JsonElement Payload(string token)
    {
        var payload = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        return JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')));
    }

    private static string Further(string token) => string.Join(
        ' ',
        Payload(token).EnumerateObject()
            .Where(static claim => !OurOwn.Contains(claim.Name, StringComparer.Ordinal))
            .OrderBy(static claim => claim.Name, StringComparer.Ordinal)
            .Select(static claim => $"{claim.Name}={(claim.Value.ValueKind is JsonValueKind.String ? claim.Value.GetString() : claim.Value.GetRawText())}"));

    private class Tenant : IAccessTokenClaims<GuestUser>
    {
        public virtual IReadOnlyCollection<string> Names { get; } = ["tenant_id", "level", "name"];

        public virtual ValueTask AddAsync(GuestUser user, AccessTokenClaims claims, CancellationToken cancellationToken)
        {
            claims.Add("tenant_id", $"t-{user.UserName}{user.PhoneNumber}");
            claims.Add("level", 3);
            claims.Add("name", $"Miss {user.UserName}");
            Assert.Throws<ArgumentException>(() => claims.Add("roles", "admin"));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Twin : Tenant
    {
        public override IReadOnlyCollection<string> Names { get; } = ["tenant_id"];
    }

    private sealed class Reserved : Tenant
    {
        public override IReadOnlyCollection<string> Names { get; } = ["sub"];
    }

    private sealed class Unreadable : IAccessTokenClaims<GuestUser>
    {
        public IReadOnlyCollection<string> Names { get; } = ["twice"];

        public ValueTask AddAsync(GuestUser user, AccessTokenClaims claims, CancellationToken cancellationToken)
        {
            claims.Add("twice", JsonElement.Parse("{\"a\":1,\"a\":2}"));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Failing : IAccessTokenClaims<GuestUser>
    {
        public static bool Fails { get; set; }

        public static int Calls { get; private set; }

        /// <summary>How many calls succeed before one fails.</summary>
        public static int Spared { get; set; }

        public IReadOnlyCollection<string> Names { get; } = [];

        public ValueTask AddAsync(GuestUser user, AccessTokenClaims claims, CancellationToken cancellationToken)
        {
            Calls++;
            return Fails && Spared-- <= 0 ? throw new InvalidDataException("The app's own fault.") : ValueTask.CompletedTask;
        }
    }
}
