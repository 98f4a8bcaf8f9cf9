using System.Net;
using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Pages;

public sealed partial class PageTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };

    public static TheoryData<string> HtmlPages => new() { "/", "/errors", "/errors/token_expired", "/docs/index.html" };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task ProblemType_OfARealRefusal_LeadsToThePageOfThatTitle()
    {
        using var client = await server.LoggedInAsync();
        Answer[] refusals =
        [
            await client.MeAsync("not.a.token"),
            await client.GetAsync("/nowhere"),
            await client.TryLogInAsync(password: "wrong"),
            await client.PostAsync("/auth/refresh", new { refresh_token = "x" }),
            await client.PostAsync("/auth/register", new { email = client.Email, password = ApiClient.Password }),
        ];

        foreach (var refusal in refusals)
        {
            // As RFC 9457 §3.1.1 has it: a reference, resolved against the address that was asked.
            var page = await _http.GetStringAsync(new Uri(server.Address, refusal.Text("type")));

            Assert.Equal(refusal.Text("title"), Title().Match(page).Groups["title"].Value);
            Assert.Contains($"<h1><code>{refusal.Code}</code></h1>", page, StringComparison.Ordinal);
        }

        Assert.Equal(5, refusals.Select(refusal => refusal.Code).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task ErrorPages_EveryCodeInTheRepository_IsServed()
    {
        var index = await _http.GetStringAsync(new Uri("/errors", UriKind.Relative));
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "errors"), "*.md");
        foreach (var file in pages.Where(file => Path.GetFileName(file) != "README.md"))
        {
            var code = Path.GetFileNameWithoutExtension(file);

            var page = await _http.GetStringAsync(new Uri($"/errors/{code}", UriKind.Relative));

            Assert.Contains("<strong>Who can mend it:</strong>", page, StringComparison.Ordinal);
            Assert.Contains($"href=\"/errors/{code}\"", index, StringComparison.Ordinal);
            Assert.DoesNotContain(".md\"", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/errors/no_such_code")]
    [InlineData("/errors/README")]
    [InlineData("/errors/TOKEN_EXPIRED")]
    [InlineData("/errors/token_expired.md")]
    [InlineData("/errors/%2e%2e%2fREADME")]
    [InlineData("/docs/nothing")]
    public async Task Page_Unknown_IsAProblem(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));

        (await Answer.ReadAsync(answer)).AssertRefused(404, "not_found");
    }

    [Theory]
    [InlineData("/", "If-Match", "\"other\"", 412, "precondition_failed")]
    [InlineData("/openapi/v1.json", "If-Match", "\"other\"", 412, "precondition_failed")]
    [InlineData("/docs/index.html", "If-Match", "\"other\"", 412, "precondition_failed")]
    [InlineData("/docs/index.html", "Range", "bytes=99999999-", 416, "range_not_satisfiable")]
    public async Task Page_ConditionThatFails_IsAProblem(string path, string header, string value, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await _http.SendAsync(request);

        (await Answer.ReadAsync(answer)).AssertRefused(status, code);
    }

    [Theory]
    [MemberData(nameof(HtmlPages))]
    public async Task Html_Any_MayLoadNothingOfOthersAndBeFramedByNobody(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("//", OtherHost().Match(await answer.Content.ReadAsStringAsync()).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_LinksAll_AreThere()
    {
        var home = await _http.GetStringAsync(new Uri("/", UriKind.Relative));
        var links = Link().Matches(home).Select(link => link.Groups["path"].Value).ToList();

        Assert.Equal(["/docs", "/openapi/v1.json", "/.well-known/openid-configuration", "/health/ready", "/errors"], links);
        foreach (var link in links)
        {
            using var answer = await _http.GetAsync(new Uri(link, UriKind.Relative));
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.MovedPermanently });
        }
    }

    /// <summary>Word for word what a documentation page sends: login ignores all that is not the name and the password.</summary>
    [Fact]
    public async Task Login_AsADocumentationPageSendsIt_Succeeds()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic Og==");
        request.Headers.TryAddWithoutValidation("X-Requested-With", "XMLHttpRequest");
        request.Content = ApiClient.Raw(
            $"grant_type=password&username={Uri.EscapeDataString(client.Email)}" +
            $"&password={Uri.EscapeDataString(ApiClient.Password)}&client_id=&client_secret=&scope=",
            "application/x-www-form-urlencoded");

        using var response = await _http.SendAsync(request);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(200, answer.Status);
        Assert.Equal(200, (await client.MeAsync(answer.Text("access_token"))).Status);
    }

    [GeneratedRegex("<title>(?<title>[^<]*)</title>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Title();

    [GeneratedRegex("<li><a href=\"(?<path>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("(src|href)=\"(https?:)?//[^\"]*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OtherHost();
}
