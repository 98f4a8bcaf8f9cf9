using System.Security.Claims;
using Countersign.Tokens;

namespace Countersign.Bearer.Tests;

public sealed class BearerIdentityTests : IAsyncDisposable
{
    private readonly ResourceServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Claims_OfToken_KeepTheirNames()
    {
        var principal = Create();

        Assert.Equal("7", principal.FindFirstValue("sub"));
        Assert.Equal("7", principal.Identity!.Name);
        Assert.Equal("access", principal.FindFirstValue("type"));
        Assert.Equal("admin editor", string.Join(' ', principal.FindAll("roles").Select(claim => claim.Value)));
        Assert.True(principal.IsInRole("admin"));
        Assert.False(principal.IsInRole("Admin "));
        Assert.All(principal.Claims, claim => Assert.Equal(ResourceServer.Issuer, claim.Issuer));
    }

    [Fact]
    public void Claims_Subject_HasOneAliasForIdentity() =>
        Assert.Equal("7", Assert.Single(Create().FindAll(ClaimTypes.NameIdentifier)).Value);

    [Fact]
    public void Claims_NamedLikeTheAlias_DoNotReplaceTheSubject() =>
        Assert.Equal(
            "7",
            Assert.Single(Create(KeyValuePair.Create<string, ClaimValue>(ClaimTypes.NameIdentifier, "1")).FindAll(ClaimTypes.NameIdentifier)).Value);

    [Theory]
    [InlineData(5L, "5", ClaimValueTypes.Integer64)]
    [InlineData(1.5, "1.5", ClaimValueTypes.Double)]
    [InlineData(true, "true", ClaimValueTypes.Boolean)]
    [InlineData("x", "x", ClaimValueTypes.String)]
    public void Claims_OfTheApp_HaveTextAndType(object value, string text, string type)
    {
        ClaimValue claimValue = value switch
        {
            long number => number,
            double number => number,
            bool truth => truth,
            _ => (string)value,
        };

        var claim = Create(KeyValuePair.Create("own", claimValue)).FindFirst("own");

        Assert.Equal((text, type), (claim!.Value, claim.ValueType));
    }

    private ClaimsPrincipal Create(params KeyValuePair<string, ClaimValue>[] claims)
    {
        var now = _server.Time.GetUtcNow();
        var token = _server.Tokens.Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = "7",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(5),
            TokenId = "a-token",
            SessionId = Guid.CreateVersion7(now),
            Roles = ["admin", "editor"],
            Claims = claims,
        });
        Assert.True(new TokenValidator(_server.Policy, _server.Time).TryValidate(token, out var verified, out var error), error.ToString());
        return new ClaimsPrincipal(new BearerIdentity(verified, CountersignBearerDefaults.AuthenticationScheme));
    }
}
