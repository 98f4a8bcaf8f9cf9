using System.Reflection;
using System.Text.RegularExpressions;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Rotation;
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

    /// <summary>One list holds them all. The password package stands alone, and has those of its rules.</summary>
    [Fact]
    public void Sources_ReasonCodesInTheirTextualForm_StandInTheListAlone()
    {
        var codes = FindCodes();
        var elsewhere = Repository.SourceFiles
            .Where(static file => Path.GetFileName(file) is not ("ReasonCodes.cs" or "PasswordRules.cs"))
            .SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Code: match.Groups["code"].Value)))
            .Where(found => codes.Contains(found.Code));

        Assert.Empty(elsewhere);
    }

    /// <summary>A new problem that is given a text in the place of a constant of the list is found by its form.</summary>
    [Fact]
    public void Sources_ProblemsMadeOfAText_AreNone() => Assert.Empty(Repository.SourceFiles
        .SelectMany(static file => CodeOfProblem().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}")));

    [Fact]
    public void Problems_ThatAreConstants_HaveCodesOfTheList()
    {
        var problem = Assembly.Load("Countersign.Bearer").GetType("Countersign.Bearer.Problems.Problem", throwOnError: true)!;
        var code = problem.GetProperty("Code")!;
        string[] assemblies = ["Countersign.Bearer", "Countersign.AspNetCore", "countersign"];
        var made = assemblies
            .SelectMany(static assembly => Assembly.Load(assembly).GetTypes())
            .Where(static type => !type.ContainsGenericParameters)
            .SelectMany(static type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == problem)
            .Select(field => (string)code.GetValue(field.GetValue(null))!)
            .ToList();

        Assert.True(made.Count > 20);
        Assert.Empty(made.Except(FindCodes(), StringComparer.Ordinal));
    }

    [Fact]
    public void Errors_EachMember_HasACodeOfTheList()
    {
        var codes = FindCodes();
        Assert.All(Enum.GetValues<TokenError>(), error => Assert.Contains(error.ToCode(), codes));
        Assert.All(Enum.GetValues<RefreshError>(), error => Assert.Contains(error.ToCode(), codes));
        Assert.All(Enum.GetValues<SessionStartError>(), error => Assert.Contains(error.ToCode(), codes));
    }

    /// <summary>The password package knows no list: what it writes is held against it here.</summary>
    [Fact]
    public void PasswordRules_TheirTexts_AreCodesOfTheList()
    {
        var rules = CodeOfPasswordRule().Matches(File.ReadAllText(Repository.SourceFiles.Single(static file => Path.GetFileName(file) == "PasswordRules.cs")))
            .Select(static match => match.Groups["code"].Value)
            .ToList();

        Assert.Equal(Enum.GetValues<PasswordRule>().Count(static rule => rule != default), rules.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(rules.Except(FindCodes(), StringComparer.Ordinal));
    }

    private static SortedSet<string> FindCodes() => new(
        typeof(TokenError).Assembly.GetType("Countersign.Tokens.ReasonCodes", throwOnError: true)!
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(static field => (string)field.GetRawConstantValue()!),
        StringComparer.Ordinal);

    /// <summary>A text that could be a code, where it is not the OAuth error beside one.</summary>
    [GeneratedRegex(@"(?<!OAuthError = )""(?<code>[a-z0-9_]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literal();

    [GeneratedRegex(
        @"(StatusCodes\.Status\d{3}\w+,|\b(Grant|Bad|Member|InvalidToken|MemberFault)\()\s*""[a-z0-9_]+""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeOfProblem();

    [GeneratedRegex(@"PasswordRule\.\w+,\s*""(?<code>[a-z0-9_]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeOfPasswordRule();
}
