using Countersign.Tokens;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>The member <c>type</c> of a problem document leads to a page that the app serves, or nowhere.</summary>
public sealed class ProblemPageTests
{
    [Fact]
    public async Task Problem_AppServesNoPages_HasNoTypeOfItsOwn()
    {
        await using var app = await GuestApp.StartAsync();

        var refusal = await app.LoginAsync("nobody");

        Assert.Equal("about:blank", refusal.Json.GetProperty("type").GetString());
        Assert.Equal("Bad Request", refusal.Json.GetProperty("title").GetString());
        Assert.Equal("invalid_credentials", refusal.Code);
        Assert.Equal(404, (await app.SendAsync("GET", "/errors/invalid_credentials")).Status);
    }

    [Theory]
    [InlineData("", "/errors", "/errors/invalid_credentials")]
    [InlineData("", "/help/codes", "/help/codes/invalid_credentials")]
    [InlineData("/tenant", "/errors", "/tenant/errors/invalid_credentials")]
    public async Task Problem_AppServesPages_LeadsToItsPage(string group, string pattern, string expected)
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Map = web =>
            {
                web.MapCountersign();
                (group.Length == 0 ? (Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)web : web.MapGroup(group)).MapCountersignProblems(pattern);
            },
        });

        var refusal = await app.LoginAsync("nobody");

        Assert.Equal(expected, refusal.Json.GetProperty("type").GetString());
        Assert.Equal("Invalid credentials", refusal.Json.GetProperty("title").GetString());
        var page = await app.SendAsync("GET", expected);
        Assert.Equal((200, "text/plain; charset=utf-8"), (page.Status, page.Header("Content-Type")));
        Assert.Contains("invalid_credentials", page.Text, StringComparison.Ordinal);
        Assert.Contains("token_expired", (await app.SendAsync("GET", group + pattern)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_OfAllCodes_AreThereAndNothingElse()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Map = static web =>
            {
                web.MapCountersign();
                web.MapCountersignProblems();
            },
        });

        foreach (var code in typeof(ReasonCodes).GetFields().Select(static field => (string)field.GetRawConstantValue()!))
        {
            Assert.Equal(200, (await app.SendAsync("GET", $"/errors/{code}")).Status);
        }

        foreach (var other in (string[])["README", "no_such_code", "TOKEN_EXPIRED", "token_expired.md", "%2e%2e%2fREADME"])
        {
            Assert.Equal(404, (await app.SendAsync("GET", $"/errors/{other}")).Status);
        }
    }

    [Theory]
    [InlineData("errors")]
    [InlineData("/errors/")]
    [InlineData("/{tenant}/errors")]
    public async Task MapCountersignProblems_NoPath_Throws(string pattern) =>
        await Assert.ThrowsAsync<ArgumentException>(() => GuestApp.StartAsync(new GuestSetup { Map = web => web.MapCountersignProblems(pattern) }));
}
