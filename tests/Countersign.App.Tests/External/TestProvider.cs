using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Countersign.App.Tests.External;

/// <summary>An OpenID Connect provider of another company: OpenIddict, without a database, on Kestrel. It logs in whom the test names.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "app";

    private readonly WebApplication _app;

    public TestProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            options.AllowAuthorizationCodeFlow().EnableDegradedMode();
            options.RegisterScopes(Scopes.Email, Scopes.Profile);
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            options.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();

            // Without a database the app's own code says which clients there are. There is one.
            options.AddEventHandler<ValidateAuthorizationRequestContext>(static handler => handler.UseInlineHandler(static _ => default));
            options.AddEventHandler<ValidateTokenRequestContext>(static handler => handler.UseInlineHandler(static _ => default));
        });
        _app = builder.Build();
        _app.UseAuthentication();
        _app.MapGet("/connect/authorize", Authorize);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Who logs in at the provider.</summary>
    public (string Subject, string Email, bool IsVerified, string[] Methods) Person { get; set; }

    public async Task StartAsync()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, Person.Subject).SetClaim(Claims.Email, Person.Email).SetClaim(Claims.EmailVerified, Person.IsVerified);
        identity.SetClaims(Claims.AuthenticationMethodReference, [.. Person.Methods]);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
