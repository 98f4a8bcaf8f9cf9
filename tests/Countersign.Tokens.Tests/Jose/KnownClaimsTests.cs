using System.Text;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Tests.Jose;

public sealed class KnownClaimsTests
{
    public static TheoryData<string> Names => [.. typeof(ClaimNames).GetFields().Select(static constant => (string)constant.GetRawConstantValue()!)];

    /// <summary>The table has each claim once, under its own name: the members of both types are named alike.</summary>
    [Fact]
    public void Name_EveryClaim_IsTheOneOfItsConstant()
    {
        var fields = typeof(ClaimNames).GetFields();
        var constants = fields.ToDictionary(static constant => constant.Name, static constant => (string)constant.GetRawConstantValue()!);

        var known = Enum.GetValues<KnownClaim>().Where(static claim => claim != KnownClaim.None);
        var table = known.ToDictionary(static claim => claim.ToString(), KnownClaims.Name);

        Assert.Equal(constants.OrderBy(static pair => pair.Key, StringComparer.Ordinal), table.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_Name_IsFoundAndNothingNearIt(string name)
    {
        var claim = KnownClaims.Find(Encoding.ASCII.GetBytes(name));

        Assert.Equal(name, KnownClaims.Name(claim));
        Assert.NotEqual(KnownClaim.None, claim);
        Assert.Equal($",\"{name}\":", Encoding.ASCII.GetString(KnownClaims.Member(claim)));
        Assert.Equal(name, KnownClaims.Encode(claim).Value);
        Assert.True(KnownClaims.IsReserved(name));
        Assert.InRange(name.Length, 3, KnownClaims.LongestName);
        string[] others = [name[..^1], name + "x", name + "\0", name[..3] + "\0" + name[3..], name.ToUpperInvariant(), "x" + name[1..], name[..^1] + "x"];
        foreach (var near in others)
        {
            Assert.Equal(KnownClaim.None, KnownClaims.Find(Encoding.ASCII.GetBytes(near)));
            Assert.False(KnownClaims.IsReserved(near));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("i")]
    [InlineData("is")]
    [InlineData("\0\0\0")]
    [InlineData("name")]
    [InlineData("a name that is longer than all of them")]
    public void Find_OtherName_IsNone(string name)
    {
        Assert.Equal(KnownClaim.None, KnownClaims.Find(Encoding.ASCII.GetBytes(name)));
        Assert.False(KnownClaims.IsReserved(name));
    }
}
