using System.Net;

namespace Countersign.Server.Tests.Pages;

/// <summary>A server whose documentation is switched off.</summary>
public sealed class WithoutDocsTests(WithoutDocsTests.PlainServer server) : IClassFixture<WithoutDocsTests.PlainServer>
{
    [Theory]
    [InlineData("/docs", 404)]
    [InlineData("/docs/index.html", 404)]
    [InlineData("/openapi/v1.json", 404)]
    [InlineData("/", 200)]
    [InlineData("/errors", 200)]
    [InlineData("/errors/token_expired", 200)]
    public async Task Path_WithoutDocs_IsThereOrNot(string path, int status)
    {
        using var http = new HttpClient { BaseAddress = server.Address };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.DoesNotContain("/docs", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public sealed class PlainServer : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(("Auth__Docs", "false"));
    }
}
