using Countersign.AspNetCore;
using Countersign.Passwords;
using Countersign.Passwords.Argon2;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Countersign.Packages.Tests.Readmes;

/// <summary>
/// The code of the readmes of the packages that are parts of an app. Each builds its services and maps its routes here. What the app then does is tested by
/// the tests of the package.
/// </summary>
public sealed class AppSnippets
{
    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite("Data Source=unused.db"));
        builder.Configuration["ConnectionStrings:App"] = "Host=localhost;Database=unused";
        return builder;
    }

    [Fact]
    public void AspNetCore_Snippet_MapsTheRoutes()
    {
        var builder = NewBuilder();
        builder.Services.AddIdentityCore<AppUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<AppDbContext>();
        builder.Services.AddCountersign<AppUser>(o => o.Registration = Registration.Open)
            .AddEntityFrameworkStores<AppDbContext>();   // of the package Countersign.EntityFrameworkCore

        var app = builder.Build();
        app.MapCountersign();
        app.MapGet("/me", (CurrentUser user) => user.UserId);
        app.MapGet("/admin", (CurrentUser user) => "Hello, admin").RequireAuthorization(policy => policy.RequireRole("admin"));

        Assert.Contains("/admin", Patterns(app));
    }

    [Fact]
    public void EntityFrameworkCore_Snippet_HasTheTables()
    {
        var builder = NewBuilder();
        builder.Services.AddIdentityCore<AppUser>().AddEntityFrameworkStores<AppDbContext>();

        builder.Services.AddDbContext<SessionsDbContext>(o => o.UseSqlite("Data Source=sessions.db"));
        builder.Services.AddCountersign<AppUser>().AddEntityFrameworkStores<SessionsDbContext>();

        using var services = builder.Services.BuildServiceProvider();
        using var scope = services.CreateScope();
        var tables = scope.ServiceProvider.GetRequiredService<SessionsDbContext>().Model.GetEntityTypes().Select(static type => type.GetTableName());
        Assert.Contains("countersign_sessions", tables);
    }

    [Fact]
    public void OpenApi_Snippet_MapsTheDocument()
    {
        var builder = NewBuilder();
        builder.Services.AddCountersign<AppUser, AppDbContext>();
        builder.Services.AddOpenApi(o => o.AddCountersign());

        var app = builder.Build();
        app.MapOpenApi();

        Assert.Contains("/openapi/{documentName}.json", Patterns(app));
    }

    [Fact]
    public void PostgreSql_Snippet_HasItsStores()
    {
        var builder = NewBuilder();
        builder.Services.RemoveAll<DbContextOptions<AppDbContext>>();
        builder.Services.AddDbContext<AppDbContext>(o => o.UseNpgsql(builder.Configuration.GetConnectionString("App")));
        builder.Services.AddCountersign<AppUser, AppDbContext>().UsePostgreSql();

        Assert.Contains(builder.Services, static service => service.ImplementationType?.Assembly.GetName().Name == "Countersign.PostgreSql");
    }

    [Fact]
    public void Argon2_Snippet_AddsTheFormat()
    {
        var builder = NewBuilder();
        builder.Services.AddCountersign<AppUser, AppDbContext>(o => o.Passwords.AdditionalFormats.Add(new Argon2idFormat()));

        using var services = builder.Services.BuildServiceProvider();
        var options = services.GetRequiredService<IOptions<PasswordEngineOptions>>().Value;
        Assert.Single(options.AdditionalFormats.OfType<Argon2idFormat>());
    }

    private static IEnumerable<string?> Patterns(IEndpointRouteBuilder app) =>
        app.DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().Select(static endpoint => endpoint.RoutePattern.RawText);

    private static async Task<IResult> SignInAsync(SessionService sessions, AppUser user, string otherUserId)
    {
        // A login of the app's own, such as one by an external provider: the same tokens as POST /auth/login gives.
        var started = await sessions.StartAsync(user.Id, new SignInContext { Methods = ["fed"] });
        if (!started.TryGetTokens(out var tokens, out var error))
        {
            return Results.Problem(statusCode: 403, title: error.Value.ToCode());
        }

        // Ends all sessions of an account, on every node.
        await sessions.RevokeUserAsync(otherUserId, RevocationReason.Administrator);
        return Results.Ok(tokens.AccessToken);
    }

    [Fact]
    public void Sessions_Snippet_IsCompiled() => Assert.NotNull((Func<SessionService, AppUser, string, Task<IResult>>)SignInAsync);
}

public sealed class AppUser : IdentityUser;

public sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<AppUser>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseCountersign();
    }
}

public sealed class SessionsDbContext(DbContextOptions<SessionsDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseCountersign();
}
