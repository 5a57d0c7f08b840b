/** Names of people, estates and units. Invented from common parts; nobody in particular. */
import type { Rng } from '../rng.ts'

/** Common surnames, the commonest several times. */
const surnames = [
  ...'王王王王王李李李李李张张张张张刘刘刘刘陈陈陈杨杨赵赵黄黄周周吴吴徐徐孙孙马马朱胡林郭何高罗郑梁谢宋唐许',
  ...'邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白',
  ...'江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱覃武厉牟安辛郑庄申费迟解时来丛滕',
]
const maleGiven = [...'伟强磊军勇涛明超刚辉杰鹏斌波浩亮峰飞健凯建宁旭东晨阳坤成林海鑫龙翔博']
const femaleGiven = [...'芳娜敏静丽艳娟霞燕玲红梅丹萍莉洁雪婷慧颖琳倩蕾岩菲晶佳璐瑶雯薇']
const middle = [
  ...'志建国文德永春秀玉海晓小明家金洪宝树长新立少云光世庆祥振宗传吉希学俊思子雨梦佳一嘉泽宇浩欣怡',
]

export function personName(rng: Rng, female: boolean): string {
  const last = rng.pick(female ? femaleGiven : maleGiven)
  return rng.pick(surnames) + (rng.chance(0.24) ? '' : rng.pick(middle)) + last
}

export const districts = [
  '东港区',
  '东港区',
  '东港区',
  '岚山区',
  '莒县',
  '五莲县',
  '开发区',
  '山海天度假区',
] as const
const estateHeads = [
  ...['海曲', '安泰', '金海', '阳光', '秀水', '翡翠', '凯旋', '兴业', '银河', '绿舟', '丽城'],
  ...['香河', '嘉禾', '昭阳', '万平', '石臼', '烟台路', '泰安路', '沙墩', '浮来', '日出', '观澜'],
  ...['富阳', '盛世', '天成', '锦绣', '学苑', '御景', '福临', '世纪', '东方', '海纳', '荣安'],
] as const
const estateTails = [
  '花园',
  '家园',
  '华府',
  '新城',
  '佳苑',
  '名邸',
  '嘉园',
  '一品',
  '庭院',
] as const

export const estateName = (rng: Rng) => rng.pick(estateHeads) + rng.pick(estateTails)

const unitHeads = [
  ...['海晟', '凌云', '中正', '瑞和', '鲁东', '曲阳', '宏远', '恒升', '岚桥', '德泰', '鼎新'],
  ...['亚太', '浮山', '万润', '科信', '诚达', '永昌', '金港', '齐胜', '东升', '汇丰源', '广济'],
] as const
const unitTrades = [
  ...['港口物流', '水产食品', '钢铁', '纺织', '汽车零部件', '建筑安装', '房地产开发', '木业'],
  ...['电子科技', '医药', '商贸', '旅游开发', '园林工程', '船舶工程', '粮油', '浆纸'],
] as const
const institutions = [
  ...['第一中学', '实验小学', '人民医院', '中医医院', '图书馆', '疾病预防控制中心', '公路局'],
  ...['水利局', '市场监督管理局', '财政局', '统计局', '职业技术学院', '妇幼保健院', '供水总公司'],
] as const

/** A unit's name and the first two characters of its credit code. */
export function unitName(rng: Rng): { name: string; kind: '91' | '12' | '11' } {
  if (rng.chance(0.28)) {
    const tail = rng.pick(institutions)
    return {
      name: `日照市${rng.pick(['', '东港区', '岚山区', '莒县', '五莲县'])}${tail}`,
      kind: tail.endsWith('局') ? '11' : '12',
    }
  }
  return { name: `日照${rng.pick(unitHeads)}${rng.pick(unitTrades)}有限公司`, kind: '91' }
}
