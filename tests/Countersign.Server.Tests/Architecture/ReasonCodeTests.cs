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
        Assert.Equal(codes, Fields().Select(static field => (string)field.GetRawConstantValue()!), StringComparer.Ordinal);
    }

    [Fact]
    public void Errors_EachMember_HasACodeOfTheList()
    {
        var codes = FindCodes();
        Assert.All(Enum.GetValues<TokenError>(), error => Assert.Contains(error.ToCode(), codes));
        Assert.All(Enum.GetValues<RefreshError>(), error => Assert.Contains(error.ToCode(), codes));
        Assert.All(Enum.GetValues<PasswordRule>().Where(static rule => rule != default), rule => Assert.Contains(codes, code => IsNamedLike(code, rule)));
    }

    private static bool IsNamedLike(string code, PasswordRule rule) =>
        string.Equals(code.Replace("_", string.Empty, StringComparison.Ordinal), $"password{rule}", StringComparison.OrdinalIgnoreCase);

    private static SortedSet<string> FindCodes() => new(Fields().Select(static field => (string)field.GetRawConstantValue()!), StringComparer.Ordinal);

    private static IEnumerable<FieldInfo> Fields() =>
        typeof(TokenError).Assembly.GetType("Countersign.Tokens.ReasonCodes", throwOnError: true)!.GetFields(BindingFlags.Static | BindingFlags.Public);

    /// <summary>A text that could be a code, where it is not the OAuth error beside one.</summary>
    [GeneratedRegex(@"(?<!OAuthError = )""(?<code>[a-z0-9_]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literal();
}
