using System.Net;
using System.Net.Http.Json;

namespace CountersignApi.Tests;

public sealed class TodoTests(Api api) : IClassFixture<Api>
{
    [Fact]
    public async Task List_WithoutLogin_IsRefused()
    {
        using var client = api.CreateClient();

        using var response = await client.GetAsync("/todos", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task List_AfterLogin_HasTheUsersOwnAlone()
    {
        using var ada = await api.LogInAsync("ada@example.com");
        using var bob = await api.LogInAsync("bob@example.com");
        using var added = await ada.PostAsJsonAsync("/todos", new { title = "Write tests" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        var todos = await ada.GetFromJsonAsync<TodoItem[]>("/todos", TestContext.Current.CancellationToken);

        Assert.Equal("Write tests", Assert.Single(todos!).Title);
        Assert.Empty((await bob.GetFromJsonAsync<TodoItem[]>("/todos", TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task Add_WithoutTitle_IsRefused()
    {
        using var client = await api.LogInAsync("lee@example.com");

        using var response = await client.PostAsJsonAsync("/todos", new { title = "" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Count_WithAndWithoutTheRole_IsForAdministrators()
    {
        using var user = await api.LogInAsync("eve@example.com");
        using var admin = await api.LogInAsync("admin@example.com", "admin");

        using var refused = await user.GetAsync("/todos/count", TestContext.Current.CancellationToken);
        using var answered = await admin.GetAsync("/todos/count", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Logout_ItsToken_IsRefusedAtOnce()
    {
        using var client = await api.LogInAsync("kim@example.com");
        using var logout = await client.PostAsync("/api/v1/auth/logout", content: null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);

        using var response = await client.GetAsync("/todos", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
