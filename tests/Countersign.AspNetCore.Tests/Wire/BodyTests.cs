using System.Text;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Tests.Wire;

/// <summary>What a body may look like, row by row: everything else is a refusal, and nothing is an exception.</summary>
public sealed class BodyTests
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Json, """{"username":"a","password":"b"}""", "a", "b")]
    [InlineData("Application/JSON; charset=UTF-8", """{"username":"a","password":"b"}""", "a", "b")]
    [InlineData("application/json; charset=\"utf-8\"", """{"username":"a","password":"b"}""", "a", "b")]
    [InlineData(Json, """ { "password" : "b" , "username" : "a" } """, "a", "b")]
    [InlineData(Json, """{"user\u006eame":"\u00e4","password":"\ud83d\ude00 \u0000"}""", "ä", "😀 \0")]
    [InlineData(Json, """{"username":"","password":""}""", "", "")]
    [InlineData(Form, "username=a&password=b", "a", "b")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8", "username=a&password=b", "a", "b")]
    [InlineData(Form, "grant_type=password&username=a%40b.c&password=p%2Bq+r%20s&scope=&client_id=x", "a@b.c", "p+q r s")]
    [InlineData(Form, "username=%C3%A4&&password=%e2%82%AC=&", "ä", "€=")]
    [InlineData(Form, "username=ä&password=b", "ä", "b")]
    public async Task Bind_GoodLogin_GivesItsValues(string contentType, string body, string username, string password)
    {
        var bound = await BindAsync<LoginRequest>(contentType, Encoding.UTF8.GetBytes(body));

        Assert.True(bound.TryGet(out var login, out var refusal), refusal?.Code);
        Assert.Equal((username, password), (login.Username, login.Password));
    }

    [Theory]
    [InlineData(Json, "", "body_malformed")]
    [InlineData(Json, " ", "body_malformed")]
    [InlineData(Json, "null", "body_malformed")]
    [InlineData(Json, "[]", "body_malformed")]
    [InlineData(Json, "\"username\"", "body_malformed")]
    [InlineData(Json, """{"username":"a","password":"b"}x""", "body_malformed")]
    [InlineData(Json, """{"username":"a","password":"b"}{}""", "body_malformed")]
    [InlineData(Json, """{"username":"a","password":"b",}""", "body_malformed")]
    [InlineData(Json, """{"username":"a","password":"b"/**/}""", "body_malformed")]
    [InlineData(Json, """{"username":"a","password":"b" """, "body_malformed")]
    [InlineData(Json, """{'username':'a','password':'b'}""", "body_malformed")]
    [InlineData(Json, """{"username":"a","password":"\ud800"}""", "body_malformed")]
    [InlineData(Json, """{"\ud800":"a"}""", "member_unknown")]
    [InlineData(Json, "username=a&password=b", "body_malformed")]
    [InlineData(Json, """{"username":"a"}""", "member_missing", "password")]
    [InlineData(Json, "{}", "member_missing", "username password")]
    [InlineData(Json, """{"Username":"a","password":"b"}""", "member_unknown")]
    [InlineData(Json, """{"username":"a","password":"b","is_admin":true}""", "member_unknown")]
    [InlineData(Json, """{"username":"a","username":"a","password":"b"}""", "member_repeated", "username")]
    [InlineData(Json, """{"username":"a","user\u006eame":"b","password":"b"}""", "member_repeated", "username")]
    [InlineData(Json, """{"username":1,"password":"b"}""", "member_malformed", "username")]
    [InlineData(Json, """{"username":null,"password":"b"}""", "member_malformed", "username")]
    [InlineData(Json, """{"username":"a","password":true}""", "member_malformed", "password")]
    [InlineData(Json, """{"username":"a","password":["b"]}""", "member_malformed", "password")]
    [InlineData(Json, """{"username":"a","password":{"x":{"y":[[[[[[[[1]]]]]]]]}}}""", "member_malformed", "password")]
    [InlineData(Json, """{"username":"a","password":"b\ufffe"}""", "member_malformed", "password")]
    [InlineData(Form, "username=%EF%BF%BE&password=b", "member_malformed", "username")]
    [InlineData(Form, "", "member_missing", "username password")]
    [InlineData(Form, "username=a", "member_missing", "password")]
    [InlineData(Form, "username=a&password=", "member_missing", "password")]
    [InlineData(Form, "username=a&password=b&username=c", "member_repeated", "username")]
    [InlineData(Form, "username=a&password=b&user%6eame=c", "member_repeated", "username")]
    [InlineData(Form, "username=&password=b&username=c", "member_repeated", "username")]
    [InlineData(Form, "x=1&username=a&password=b&x=2", "member_repeated")]
    [InlineData(Form, "username=%zz&password=b", "body_malformed")]
    [InlineData(Form, "username=a&password=%2", "body_malformed")]
    [InlineData(Form, "username=a&password=%", "body_malformed")]
    [InlineData(Form, "username=a&password=%+1", "body_malformed")]
    [InlineData(Form, "username=%C3&password=b", "body_not_utf8")]
    [InlineData(Form, "username=%ED%A0%80&password=b", "body_not_utf8")]
    [InlineData(Form, """{"username":"a","password":"b"}""", "member_missing", "username password")]
    public async Task Bind_BadLogin_IsRefused(string contentType, string body, string code, string? members = null)
    {
        var refusal = Refused(await BindAsync<LoginRequest>(contentType, Encoding.UTF8.GetBytes(body)));

        Assert.Equal((400, code), (refusal.Status, refusal.Code));
        Assert.Equal(members, refusal.Errors is null ? null : string.Join(' ', refusal.Errors.Select(error => error.Member)));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/json5")]
    [InlineData("application/problem+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("nonsense")]
    [InlineData("application/json, application/x-www-form-urlencoded")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Bind_OtherContentType_Is415(string? contentType)
    {
        var refusal = Refused(await BindAsync<LoginRequest>(contentType, """{"username":"a","password":"b"}"""u8.ToArray()));

        Assert.Equal((415, "content_type_unsupported"), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task Bind_EncodedContent_Is415() =>
        Assert.Equal(415, Refused(await BindAsync<LoginRequest>(Json, "{}"u8.ToArray(), context => context.Request.Headers.ContentEncoding = "gzip")).Status);

    [Fact]
    public async Task Bind_TwoContentTypes_Is415() =>
        Assert.Equal(
            415,
            Refused(await BindAsync<LoginRequest>(Json, "{}"u8.ToArray(), context => context.Request.Headers.Append("Content-Type", Form))).Status);

    [Fact]
    public async Task Bind_FormWhereJsonAloneIsTaken_Is415() =>
        Assert.Equal(415, Refused(await BindAsync<RefreshRequest>(Form, "refresh_token=a"u8.ToArray())).Status);

    [Fact]
    public async Task Bind_JsonWhereAFormAloneIsTaken_Is415() =>
        Assert.Equal(415, Refused(await BindAsync<TokenRequest>(Json, """{"grant_type":"refresh_token"}"""u8.ToArray())).Status);

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}' }, "body_malformed")]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xC0, 0xAF, (byte)'"', (byte)'}' }, "body_not_utf8")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'{', 0 }, "body_not_utf8")]
    [InlineData(new byte[] { (byte)'{', 0, (byte)'}', 0 }, "body_malformed")]
    public async Task Bind_OtherEncodings_AreRefused(byte[] body, string code)
    {
        var refusal = Refused(await BindAsync<LoginRequest>(Json, body));

        Assert.Equal((400, code), (refusal.Status, refusal.Code));
    }

    [Theory]
    [InlineData(true, Json)]
    [InlineData(false, Json)]
    [InlineData(true, Form)]
    [InlineData(false, Form)]
    public async Task Bind_Megabyte_Is413(bool declaresLength, string contentType)
    {
        var body = new CountingStream(Encoding.ASCII.GetBytes("""{"username":"a","password":" """ + new string('x', 1 << 20)));
        var refusal = Refused(await BindAsync<LoginRequest>(contentType, body, declaresLength ? 1 << 20 : null));

        Assert.Equal((413, "body_too_large"), (refusal.Status, refusal.Code));
        Assert.InRange(body.Taken, 0, declaresLength ? 0 : BodyBytes.Max + 1);
    }

    [Theory]
    [InlineData(BodyBytes.Max, true)]
    [InlineData(BodyBytes.Max + 1, false)]
    public async Task Bind_AtTheBound_IsReadAndAboveItNot(int length, bool taken)
    {
        const string Start = """{"refresh_token":" """;
        var body = Encoding.ASCII.GetBytes(Start + new string('x', length - Start.Length - 2) + "\"}");

        Assert.Equal(taken, (await BindAsync<RefreshRequest>(Json, new CountingStream(body), null)).TryGet(out _, out _));
    }

    [Theory]
    [InlineData(null, "", null)]
    [InlineData(Json, "", null)]
    [InlineData(Json, "{}", null)]
    [InlineData(Json, """{"refresh_token":"t"}""", "t")]
    public async Task Bind_OptionalBody_MayBeMissing(string? contentType, string body, string? token)
    {
        Assert.True((await BindAsync<LogoutRequest>(contentType, Encoding.UTF8.GetBytes(body))).TryGet(out var logout, out var refusal), refusal?.Code);
        Assert.Equal(token, logout.RefreshToken);
    }

    [Theory]
    [InlineData(null, """{"refresh_token":"t"}""", 415)]
    [InlineData("text/plain", "", 415)]
    [InlineData(Json, """{"refresh_token":null}""", 400)]
    [InlineData(Json, """{"refresh_token":false}""", 400)]
    [InlineData(Json, "[]", 400)]
    public async Task Bind_OptionalBody_IsReadLikeAnyOther(string? contentType, string body, int status) =>
        Assert.Equal(status, Refused(await BindAsync<LogoutRequest>(contentType, Encoding.UTF8.GetBytes(body))).Status);

    [Theory]
    [InlineData("""{"display_name":"a"}""", "a")]
    [InlineData("""{"display_name":null}""", null)]
    public async Task Bind_NullableMember_TakesNull(string body, string? name)
    {
        Assert.True((await BindAsync<UpdateAccountRequest>(Json, Encoding.UTF8.GetBytes(body))).TryGet(out var update, out _));
        Assert.Equal(name, update.DisplayName);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("is_admin")]
    [InlineData("email_confirmed")]
    [InlineData("email_verified")]
    [InlineData("id")]
    [InlineData("is_active")]
    [InlineData("created_at")]
    [InlineData("tenant")]
    public async Task Bind_RegisterWithMoreThanItsOwn_IsRefused(string member) =>
        Assert.Equal("member_unknown", Refused(await BindAsync<RegisterRequest>(
            Json, Encoding.UTF8.GetBytes($$"""{"email":"a@b.c","password":"p","{{member}}":"x"}"""))).Code);

    private static Problem Refused<T>(Body<T> body)
        where T : class, IRequestBody<T>
    {
        Assert.False(body.TryGet(out _, out var refusal));
        Assert.Equal("invalid_request", refusal.OAuthError);
        return refusal;
    }

    private static Task<Body<T>> BindAsync<T>(string? contentType, byte[] body, Action<HttpContext>? more = null)
        where T : class, IRequestBody<T> => BindAsync<T>(contentType, new MemoryStream(body), body.Length, more);

    private static async Task<Body<T>> BindAsync<T>(string? contentType, Stream body, long? length, Action<HttpContext>? more = null)
        where T : class, IRequestBody<T>
    {
        var context = new DefaultHttpContext { Request = { Body = body, ContentLength = length } };
        if (contentType is not null)
        {
            context.Request.Headers.ContentType = contentType;
        }

        more?.Invoke(context);
        return (await Body<T>.BindAsync(context, null!))!;
    }

    /// <summary>Gives its bytes in pieces, as a network does, and counts them.</summary>
    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public int Taken { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);
            Taken += read;
            return read;
        }
    }
}
