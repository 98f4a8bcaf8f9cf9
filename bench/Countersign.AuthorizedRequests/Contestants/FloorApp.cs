using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>The cost of the platform's authentication and authorization alone: a scheme that accepts every request and checks nothing.</summary>
internal static class FloorApp
{
    private const string Scheme = "Everyone";

    public static async Task<Contestant> StartAsync(string folder)
    {
        string id = Guid.CreateVersion7().ToString();
        var builder = Contestant.CreateBuilder(folder);
        builder.Services.AddAuthentication(Scheme).AddScheme<AuthenticationSchemeOptions, EveryoneHandler>(Scheme, configureOptions: null);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.MapGet(Contestant.Path, () => id).RequireAuthorization();
        await app.StartAsync();
        return new Contestant("floor", app, SampleTokens.NotRead, TakesAll: true);
    }

    private sealed class EveryoneHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        private static readonly ClaimsPrincipal Everyone = new(new ClaimsIdentity([new Claim("sub", "everyone")], FloorApp.Scheme));

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Everyone, FloorApp.Scheme)));
    }
}
