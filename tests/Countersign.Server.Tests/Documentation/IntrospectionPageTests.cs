using System.Text.RegularExpressions;
using Countersign.Server.Tests.Http;

namespace Countersign.Server.Tests.Documentation;

/// <summary>What the page on introspection tells its readers to type, typed.</summary>
public sealed partial class IntrospectionPageTests(ClientServer server) : IClassFixture<ClientServer>
{
    [Fact]
    public async Task Ask_WordForWord_Works()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed.");
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "introspection.md"));
        var match = Script().Match(page);
        using var user = server.Client();
        user.Email = "ada@example.com";
        Assert.Equal(201, (await user.PostAsync("/auth/register", new { email = user.Email, password = "correct horse battery" })).Status);

        var output = await RunAsync(match.Groups["script"].Value
            .Replace("http://127.0.0.1:5080", server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("orders:", "api:", StringComparison.Ordinal));

        Assert.Equal(Shape(match.Groups["output"].Value), Shape(output));
    }

    private static async Task<string> RunAsync(string script)
    {
        var command = new ProcessCommand(["bash", "-euo", "pipefail", "-c", script])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["secret"] = ClientServer.ApiSecret },
        };
        var (exitCode, output, error) = await command.RunAsync(patience: Patience.Limit);
        Assert.True(exitCode == 0, error);
        return output;
    }

    /// <summary>The lines without what differs from run to run.</summary>
    private static string Shape(string output) => Varying().Replace(output.Trim(), "${name}#");

    [GeneratedRegex(
        "## Ask.*?```sh\n(?<script>.*?)```.*?```\n(?<output>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();

    [GeneratedRegex("""(?<name>"(sub|sid|jti|aud|iss|exp|iat|auth_time)":)("[^"]*"|\d+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Varying();
}
