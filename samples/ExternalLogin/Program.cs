using System.Security.Claims;
using Countersign.AspNetCore;
using ExternalLogin;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite(builder.Configuration.GetConnectionString("App") ?? "Data Source=app.db"));
builder.Services.Configure<IdentityOptions>(o => o.UseCountersignDefaults());
builder.Services.AddCountersign<AppUser, AppDbContext>(o => o.UseAsDefaultScheme());
builder.Services.AddAuthentication()
    .AddCookie(ExternalLogins.Cookie, o =>
    {
        o.Cookie.Name = "__Host-ExternalLogin";         // no other host can set it
        o.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        o.Cookie.SameSite = SameSiteMode.Strict;        // no other site can send it
        o.ExpireTimeSpan = TimeSpan.FromMinutes(5);     // it only carries the result to the page
    })
    .AddOpenIdConnect(ExternalLogins.Provider, o =>
    {
        builder.Configuration.Bind("Provider", o);      // Authority, ClientId, ClientSecret
        o.SignInScheme = ExternalLogins.Cookie;
        o.ResponseType = "code";
        o.ResponseMode = "query";                       // so the cookies of the handler can be SameSite=Lax
        o.CorrelationCookie.SameSite = o.NonceCookie.SameSite = SameSiteMode.Lax;
        o.MapInboundClaims = false;                     // keep the names of OpenID Connect: sub, email, amr
        o.Scope.Add("email");
        o.Events.OnRemoteFailure = failed =>            // cancelled at the provider, too late, or another browser's answer
        {
            failed.Response.Redirect("/welcome?failed");
            failed.HandleResponse();
            return Task.CompletedTask;
        };
    });
builder.Services.AddOptions<OpenIdConnectOptions>(ExternalLogins.Provider).ValidateOnStart();   // otherwise the first login finds what is missing

var app = builder.Build();
using (var scope = app.Services.CreateScope())
{
    scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreated();   // an app in production has migrations
}

app.MapCountersign();
app.MapGet("/login/external", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/welcome" }, [ExternalLogins.Provider]));
app.MapGet("/link/external", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/linked" }, [ExternalLogins.Provider]));
app.MapPost("/login/external/token", ExternalLogins.LogInAsync);
app.MapPost("/users/me/logins", ExternalLogins.LinkAsync);
app.MapDelete("/users/me/logins", ExternalLogins.UnlinkAsync);
app.MapGet("/welcome", () => Results.Content(Pages.Welcome, "text/html"));
app.MapGet("/linked", () => Results.Content(Pages.Linked, "text/html"));
app.MapGet("/me", (CurrentUser user, ClaimsPrincipal principal) => new { id = user.UserId, amr = principal.FindAll("amr").Select(amr => amr.Value) });
app.Run();
