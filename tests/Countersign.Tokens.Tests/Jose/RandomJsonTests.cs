using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Jose;

/// <summary>Random JSON, as the strict check, the issuer and the validator see it.</summary>
public sealed class RandomJsonTests
{
    private static readonly Gen<string> Name = Gen.OneOf(
        Among("a", "b", "\u0061b", "exp", "sub", "ü", "😀", "", "\"", "\\", "\u0000"), Gen.String[0, 6].Where(text => WellFormedText.Is(text)));

    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Gen.Const((JsonNode?)null),
        Gen.Bool.Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.Long.Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.Double.Where(double.IsFinite).Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.String[0, 12].Where(text => WellFormedText.Is(text)).Select(value => (JsonNode?)JsonValue.Create(value)));

    private static readonly Gen<JsonNode?> Tree = Nested(3);

    /// <summary>With the same depth, the base library's strictest parser, with every text read, and our check take the same objects.</summary>
    [Fact]
    public void Check_RandomObjectsWithDuplicatesAndEdits_AgreesWithTheBaseLibrary()
    {
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = StrictJson.MaxDepth };
        var members = Gen.Select(Name, Tree, Gen.Bool).Array[0, 6];
        var edit = Gen.Select(Gen.Int[0, 400], Among("", "\"", "{", "}", "[", ",", ":", "\\", "1", "é", "/**/"));
        var verdicts = (Accepted: 0, Refused: 0);

        Gen.Select(members, edit, Gen.Bool).Sample(
            (list, change, edited) =>
            {
                var text = "{"
                    + string.Join(',', list.Select(member => $"{Written(member.Item1, member.Item3)}:{member.Item2?.ToJsonString() ?? "null"}"))
                    + "}";
                var utf8 = Encoding.UTF8.GetBytes(edited ? text.Insert(Math.Min(change.Item1, text.Length), change.Item2) : text);
                var expected = Parses(utf8, options);
                _ = expected ? Interlocked.Increment(ref verdicts.Accepted) : Interlocked.Increment(ref verdicts.Refused);
                return expected == (StrictJson.Check(utf8) == JsonFault.None);
            },
            iter: 20_000);

        Assert.True(verdicts is { Accepted: > 1000, Refused: > 1000 });
    }

    /// <summary>What an application puts into a token comes out of it, whatever it is.</summary>
    [Fact]
    public void Create_RandomClaims_AreReadBackAsTheyWere()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var (issuer, validator) = (forge.TokenIssuer, new TokenValidator(forge.Policy, forge.Time, revocations: null, new VerifiedTokenCache()));
        var claims = Gen.Select(Name.Where(name => !KnownClaims.IsReserved(name)), Tree).Array[0, 5];

        claims.Sample(
            list =>
            {
                var distinct = list.DistinctBy(claim => claim.Item1, StringComparer.Ordinal).ToList();
                var token = issuer.Create(new TokenDescriptor
                {
                    Type = TokenType.Access, Subject = "42", IssuedAt = Forge.Start, ExpiresAt = Forge.Start.AddMinutes(5), TokenId = "id",
                    Claims = [.. distinct.Select(claim => KeyValuePair.Create(claim.Item1, (ClaimValue)Element(claim.Item2)))],
                });
                // The second reading is from memory.
                return validator.TryValidate(token, out _, out _) && validator.TryValidate(token, out var read, out _)
                    && distinct.TrueForAll(claim => read.TryGetElement(claim.Item1, out var value) && JsonElement.DeepEquals(value, Element(claim.Item2)));
            },
            iter: 5_000);
    }

    /// <summary>Any value in any known claim: the validator never throws, and takes nothing that is not of its type.</summary>
    [Fact]
    public void TryValidate_RandomValueInAKnownClaim_IsRefusedUnlessItsTypeFits()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var validator = forge.Validator;
        string[] texts = ["iss", "sub", "jti", "client_id", "sid", "type"], numbers = ["exp", "iat", "nbf", "auth_time", "epoch"], lists = ["roles", "amr"];

        Gen.Select(Among([.. texts, .. numbers, .. lists, "aud"]), Tree).Sample(
            (name, value) =>
            {
                var element = Element(value);
                var fits = element.ValueKind switch
                {
                    JsonValueKind.String => texts.Contains(name, StringComparer.Ordinal) || name == "aud",
                    JsonValueKind.Number => numbers.Contains(name, StringComparer.Ordinal),
                    JsonValueKind.Array => (lists.Contains(name, StringComparer.Ordinal) || name == "aud")
                        && element.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String),
                    _ => false,
                };
                var accepted = validator.TryValidate(forge.Token(claims: Forge.Claims((name, element.GetRawText()))), out var claims, out var error);
                return accepted == claims is not null && (fits ? error != TokenError.MalformedPayload : error == TokenError.ClaimType);
            },
            iter: 20_000);
    }

    private static Gen<string> Among(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private static Gen<JsonNode?> Nested(int depth) => depth == 0 ? Leaf : Gen.Frequency(
        (3, Leaf),
        (1, Nested(depth - 1).Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
        (1, Gen.Select(Name, Nested(depth - 1)).Array[0, 4].Select(members => (JsonNode?)new JsonObject(
            members.DistinctBy(member => member.Item1, StringComparer.Ordinal)
                .Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone()))))));

    private static JsonElement Element(JsonNode? node) => JsonElement.Parse(node?.ToJsonString() ?? "null");

    /// <summary>A name as JSON, perhaps with every unit escaped.</summary>
    private static string Written(string name, bool escaped) =>
        escaped ? $"\"{string.Concat(name.Select(unit => $"\\u{(int)unit:x4}"))}\"" : JsonSerializer.Serialize(name, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool Parses(byte[] utf8, JsonDocumentOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, options);
            Read(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Lone surrogates pass the base library's parser, and throw when their text is read.</summary>
    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                element.EnumerateArray().ToList().ForEach(Read);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
        }
    }
}
