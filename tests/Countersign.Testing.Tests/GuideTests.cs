namespace Countersign.Testing.Tests;

/// <summary>The guide's code is that of the tests in this project.</summary>
public sealed class GuideTests
{
    [Fact]
    public void Guide_EachBlockOfCode_IsCompiledHere() => Listings.AssertCompiled("docs/guides/testing.md", "tests/Countersign.Testing.Tests");
}
