using Countersign.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace TodoApi;

/// <summary>The app's own endpoints, and the making of its database.</summary>
internal static class TodoEndpoints
{
    public static IAsyncEnumerable<TodoItem> List(CurrentUser<AppUser> user, AppDbContext database) =>
        database.Todos.Where(todo => todo.OwnerId == user.UserId).OrderBy(todo => todo.Id).Select(todo => new TodoItem(todo.Id, todo.Title))
            .AsAsyncEnumerable();

    public static async Task<Created<TodoItem>> AddAsync(NewTodo item, CurrentUser<AppUser> user, AppDbContext database)
    {
        var todo = new Todo { OwnerId = user.UserId, Title = item.Title };
        database.Todos.Add(todo);
        await database.SaveChangesAsync();
        return TypedResults.Created($"/todos/{todo.Id}", new TodoItem(todo.Id, todo.Title));
    }

    /// <summary>Enough for a sample. An app that lives on adds migrations and applies them here or before it starts.</summary>
    public static void CreateDatabase(this WebApplication app)
    {
        using var scope = app.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreated();
    }
}
