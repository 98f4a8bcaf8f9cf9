using System.Security.Claims;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Tests;

/// <summary>What one request does to its principal stays in that request, though its token is remembered.</summary>
public sealed class RememberedTokenTests
{
    [Fact]
    public async Task Request_TransformationAddsARole_TheNextRequestHasIt_OnlyIfItIsAddedAgain()
    {
        var transformation = new RoleOnRequest();
        await using var server = new ResourceServer(services => services.AddSingleton<IClaimsTransformation>(transformation), static _ => { });
        await server.InitializeAsync();
        var header = $"Authorization: Bearer {server.AccessToken()}";

        Assert.Equal(403, (await server.GetAsync("/admin", header)).Status);
        transformation.Adds = true;
        Assert.Equal(200, (await server.GetAsync("/admin", header)).Status);
        transformation.Adds = false;
        Assert.Equal(403, (await server.GetAsync("/admin", header)).Status);

        Assert.Equal(1, server.Services.GetRequiredService<VerifiedTokenCache>().Count);
    }

    [Fact]
    public async Task Request_TokenOfASessionThatIsEndedMeanwhile_IsRefused()
    {
        await using var server = new ResourceServer();
        await server.InitializeAsync();
        var session = Guid.CreateVersion7(server.Time.GetUtcNow());
        var header = $"Authorization: Bearer {server.AccessToken(session)}";
        Assert.Equal(200, (await server.GetAsync("/protected", header)).Status);
        Assert.Equal(200, (await server.GetAsync("/protected", header)).Status);

        server.Revocations.Add(session, Tokens.Revocation.RevocationReason.LoggedOut);

        Assert.Equal(401, (await server.GetAsync("/protected", header)).Status);
    }

    private sealed class RoleOnRequest : IClaimsTransformation
    {
        public bool Adds { get; set; }

        /// <summary>Changes the principal that it is given, as many transformations do.</summary>
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (Adds)
            {
                var identity = (ClaimsIdentity)principal.Identity!;
                identity.AddClaim(new Claim(identity.RoleClaimType, "admin"));
            }

            return Task.FromResult(principal);
        }
    }
}
