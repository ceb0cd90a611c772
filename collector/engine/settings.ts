import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

/**
 * What opens the engine. `reader` is for reports: read-only, limited. `gate` must stand in every request's
 * `x-footfall-gate` header, whoever asks.
 */
export type EngineSecrets = { owner: string; reader: string; gate: string };

export const OWNER = 'footfall';
export const READER = 'footfall_reader';

/**
 * The engine's config.xml. `memoryBytes` caps all queries and merges together; a query over it fails with code 241
 * instead of the machine running out: the whole lives in 2 GB. The gate is there because ClickHouse's local mode
 * signs in as `default` without a password, so that user must exist, and could read any file of ours over HTTP.
 */
export function engineConfig(usersFile: string, secrets: EngineSecrets, memoryBytes: number): string {
  return `<clickhouse>
  <users_config>${xml(usersFile)}</users_config>
  <http_handlers>
    <rule><url>/ping</url><handler><type>ping</type></handler></rule>
    <rule>
      <headers><x-footfall-gate>${secrets.gate}</x-footfall-gate></headers>
      <handler><type>dynamic_query_handler</type><query_param_name>query</query_param_name></handler>
    </rule>
  </http_handlers>
  <timezone>UTC</timezone>
  <backups><allowed_path>${xml(join(dirname(usersFile), 'backups'))}</allowed_path></backups>
  <shutdown_wait_unfinished>1</shutdown_wait_unfinished>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <mmap_cache_size>64</mmap_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <allow_experimental_webassembly_udf>1</allow_experimental_webassembly_udf>
  <merge_tree>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`;
}

/**
 * The engine's users.xml. `default` may do what the start needs and nothing else. By itself ClickHouse keeps a query to one
 * thread for each free GB; reports get by on less, and their users have two cores at least. Tables are joined as the
 * queries say: events with the few users known of them, of whom the engine thinks that they are more.
 */
export function engineUsers(secrets: EngineSecrets): string {
  return `<clickhouse>
  <profiles>
    <default>
      <async_insert>0</async_insert>
      <wait_for_async_insert>1</wait_for_async_insert>
      <max_partitions_per_insert_block>100</max_partitions_per_insert_block>
    </default>
    <reader>
      <readonly>1</readonly>
      <max_threads_min_free_memory_per_thread>200000000</max_threads_min_free_memory_per_thread>
      <enable_materialized_cte>1</enable_materialized_cte>
      <query_plan_join_swap_table>false</query_plan_join_swap_table>
      <cancel_http_readonly_queries_on_client_close>1</cancel_http_readonly_queries_on_client_close>
      <max_execution_time>60</max_execution_time>
      <max_memory_usage>1000000000</max_memory_usage>
      <group_by_two_level_threshold_bytes>20000000</group_by_two_level_threshold_bytes>
      <max_bytes_before_external_group_by>450000000</max_bytes_before_external_group_by>
      <max_bytes_before_external_sort>300000000</max_bytes_before_external_sort>
    </reader>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT READ ON FILE</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
    ${user(OWNER, secrets.owner, 'default', '')}
    ${user(READER, secrets.reader, 'reader', '<grants><query>GRANT SELECT ON footfall.*</query></grants>')}
  </users>
</clickhouse>
`;
}

function user(name: string, password: string, profile: string, grants: string): string {
  const hash = createHash('sha256').update(password).digest('hex');
  return `<${name}>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>${profile}</profile>
      <quota>default</quota>
      ${grants}
    </${name}>`;
}

function xml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
