using System.Reflection;
using System.Text.RegularExpressions;
using Countersign.Sessions;
using Countersign.Tokens;

namespace Countersign.Server.Tests.Architecture;

/// <summary>Every reason code has a page in <c>docs/errors</c>, and every page is of a code.</summary>
public sealed partial class ReasonCodeTests
{
    [Fact]
    public void Pages_AndReasonCodes_AreTheSame()
    {
        var codes = FindCodes();
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "errors"), "*.md")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Except(["README"], StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Empty(codes.Except(pages, StringComparer.Ordinal));
        Assert.Empty(pages.Except(codes, StringComparer.Ordinal));
    }

    [Fact]
    public void Pages_SayWhatHappenedAndWhoCanMendItHow()
    {
        var index = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors", "README.md"));
        foreach (var code in FindCodes())
        {
            var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors", code + ".md"));
            Assert.StartsWith($"# `{code}`\n", page, StringComparison.Ordinal);
            Assert.Contains("\nStatus: ", page, StringComparison.Ordinal);
            Assert.Contains("\n**Who can mend it:** ", page, StringComparison.Ordinal);
            Assert.Contains("\n**How:** ", page, StringComparison.Ordinal);
            Assert.Contains($"[`{code}`]({code}.md)", index, StringComparison.Ordinal);
        }
    }

    private static SortedSet<string> FindCodes()
    {
        SortedSet<string> codes = new(StringComparer.Ordinal);
        codes.UnionWith(Enum.GetValues<TokenError>().Select(error => error.ToCode()));
        codes.UnionWith(Enum.GetValues<RefreshError>().Select(error => error.ToCode()));
        codes.UnionWith(FindConstantRefusals());
        foreach (var file in Repository.SourceFiles)
        {
            var source = File.ReadAllText(file);
            codes.UnionWith(CodeAfterStatus().Matches(source).Select(match => match.Groups["code"].Value));
            codes.UnionWith(CodeOfPasswordRule().Matches(source).Select(match => match.Groups["code"].Value));
            if (file.EndsWith("Problems.cs", StringComparison.Ordinal))
            {
                codes.UnionWith(CodeOfShorthand().Matches(source).Select(match => match.Groups["code"].Value));
            }
        }

        return codes;
    }

    /// <summary>The refusals that are constants, whatever way they are made.</summary>
    private static IEnumerable<string> FindConstantRefusals()
    {
        var refusal = Assembly.Load("Countersign.Bearer").GetType("Countersign.Bearer.Problems.Problem", throwOnError: true)!;
        var code = refusal.GetProperty("Code")!;
        string[] assemblies = ["Countersign.Bearer", "Countersign.AspNetCore", "countersign"];
        return assemblies
            .SelectMany(assembly => Assembly.Load(assembly).GetTypes())
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == refusal)
            .Select(field => (string)code.GetValue(field.GetValue(null))!);
    }

    [GeneratedRegex("""StatusCodes\.Status\d{3}\w+,\s*"(?<code>[a-z0-9_]+)""" + "\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeAfterStatus();

    [GeneratedRegex("""PasswordRule\.\w+,\s*"(?<code>[a-z0-9_]+)""" + "\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeOfPasswordRule();

    [GeneratedRegex("""\b(Grant|Bad|Member|InvalidToken|MemberFault)\(\s*"(?<code>[a-z0-9_]+)""" + "\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeOfShorthand();
}
